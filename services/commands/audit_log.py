"""What `verify-log` of each service says."""

import sys

from services.common.security_log.audit_reading import ChainState


def tell_chain(state: ChainState) -> int:
    """The exit code: 1 when an entry was changed or is missing."""
    if state.broken_at is not None:
        print(
            f"安全日志第 {state.broken_at} 条被改动。Entry {state.broken_at} was changed or is missing.",
            file=sys.stderr,
        )
        return 1
    print(f"安全日志完整。The log is whole: {state.entries} entries, head {state.head or '-'}")
    return 0
