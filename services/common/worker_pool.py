"""A bounded pool of worker processes for CPU work: photos to measure, forms to draw.

A thread would hold the interpreter lock and slow every other answer; a process does not. Each worker has an executor of
its own, so that killing a hung one disturbs no other job. Workers are recycled here and not by `max_tasks_per_child`,
which can deadlock an executor of one process on Python 3.11 and hides the process id that a kill needs.
"""

import asyncio
import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple

import psutil

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

_START_LIMIT_SECONDS = 30.0
_PATIENCE = 4
"""So many times its limit a job may take by the clock: an overloaded machine must not make a sound file a damaged one."""
_NICENESS = 10
"""Above the server's own: on a busy core an answer that is ready to be given goes before a photo that is being measured."""
_NEARLY = 0.8
"""Of the limit: a job that had a core to itself has used a little less than the clock says."""


class WorkerPoolError(Exception):
    """The pool could not do a job. Nothing is said about what the job was given."""


class WorkersBusy(WorkerPoolError):
    """As many jobs wait as may wait. Try again later."""


class JobTimeout(WorkerPoolError):
    """The job used up its processor time; its worker was replaced."""


class JobStarved(WorkerPoolError):
    """The machine gave the job too little processor time to end; its worker was replaced. Says nothing about the job."""


class WorkerCrashed(WorkerPoolError):
    """The worker died under the job twice: the second time in a fresh process, so most likely by what it was given."""


class WorkerNotStarted(WorkerPoolError):
    """No worker process could be started in time."""


class WorkerPool:
    """Runs picklable functions in `workers` processes with at most `queue_limit` jobs waiting.

    Entered in the application's lifespan it begins; wait for `ready` before saying that the service is. `preload` names
    the modules that the jobs need, so that the first job does not wait for them. `time_limit` is processor time in seconds
    from the moment a worker takes the job; a worker is replaced after `jobs_per_worker` jobs to give its memory back.
    """

    def __init__(
        self,
        *,
        workers: int,
        queue_limit: int,
        preload: Sequence[str] = (),
        time_limit: float = 5.0,
        jobs_per_worker: int = 500,
    ) -> None:
        self._workers = [_Worker(jobs_per_worker, tuple(preload)) for _ in range(workers)]
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._capacity = workers + queue_limit
        self._time_limit = time_limit
        self._jobs: set[asyncio.Task[object]] = set()
        self._starting: list[asyncio.Task[None]] = []
        self._closed = True

    async def __aenter__(self) -> Self:
        self.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def in_hand(self) -> int:
        """Jobs running or waiting."""
        return len(self._jobs)

    def begin(self) -> None:
        """Starts every worker without waiting: a job waits for the first that is up, and several pools start at a time."""
        self._closed = False
        self._starting = [asyncio.create_task(self._begin(worker)) for worker in self._workers]

    async def ready(self) -> None:
        """Waits until every worker can take a job. Raises WorkerNotStarted, or what importing for the jobs raised."""
        await asyncio.gather(*self._starting)

    async def start(self) -> None:
        """Begins, and waits until it is ready."""
        self.begin()
        await self.ready()

    async def _begin(self, worker: "_Worker") -> None:
        try:
            await worker.ensure_started()
        finally:
            self._idle.put_nowait(worker)

    async def close(self) -> None:
        """Refuses further jobs, finishes those it has taken, each within its time limit, and ends the workers."""
        self._closed = True
        await asyncio.gather(*self._starting, *self._jobs, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))

    async def run(self, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Runs one job. Raises WorkersBusy, JobTimeout, JobStarved, WorkerCrashed, WorkerNotStarted, or what it raised.

        A caller that goes away does not stop the job: its worker is free again only when the job has ended.
        """
        if self._closed or len(self._jobs) >= self._capacity:
            raise WorkersBusy
        job = asyncio.create_task(self._run_on_idle_worker(function, *arguments))
        self._jobs.add(job)
        job.add_done_callback(self._forget)
        return await asyncio.shield(job)

    def _forget(self, job: asyncio.Task[object]) -> None:
        self._jobs.discard(job)
        if not job.cancelled():
            job.exception()  # looked at, or asyncio complains when the caller has gone

    async def _run_on_idle_worker(self, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        worker = await self._idle.get()
        try:
            try:
                return await worker.run(self._time_limit, function, *arguments)
            except BrokenProcessPool:  # killed from outside, most often for want of memory: once more on a new one
                return await worker.run(self._time_limit, function, *arguments)
        except BrokenProcessPool:
            raise WorkerCrashed from None
        finally:
            self._idle.put_nowait(worker)


class _Worker:
    """One process, started when first needed and replaced when hung, dead or old."""

    def __init__(self, jobs_per_worker: int, preload: tuple[str, ...]) -> None:
        self._jobs_per_worker = jobs_per_worker
        self._preload = preload
        self._jobs_left = 0
        self._executor: ProcessPoolExecutor | None = None
        self._process_id = 0

    async def ensure_started(self) -> ProcessPoolExecutor:
        if self._executor is not None and self._jobs_left > 0:
            return self._executor
        await self.stop()
        context = multiprocessing.get_context("spawn")  # a fork would copy the server's threads and locks
        self._executor = ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_prepare_worker)
        self._jobs_left = self._jobs_per_worker
        started = asyncio.wrap_future(self._executor.submit(_ready, self._preload))
        try:
            self._process_id = await asyncio.wait_for(started, _START_LIMIT_SECONDS)
        except TimeoutError:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None
            raise WorkerNotStarted from None
        return self._executor

    async def run(self, time_limit: float, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        try:
            executor = await self.ensure_started()
            self._jobs_left -= 1
            used = self._processor_seconds()
            job = asyncio.wrap_future(executor.submit(function, *arguments))
            for _ in range(_PATIENCE):
                done, _pending = await asyncio.wait({job}, timeout=time_limit)
                if done:
                    return job.result()
                if self._processor_seconds() - used >= time_limit * _NEARLY:
                    break
        except BrokenProcessPool:
            await self.stop()
            raise
        spent = self._processor_seconds() - used
        job.cancel()
        await self._kill()
        raise JobTimeout if spent >= time_limit * _NEARLY else JobStarved

    def _processor_seconds(self) -> float:
        """What the process has used so far; 0 for one that has just died: its job ends with BrokenProcessPool."""
        try:
            times = psutil.Process(self._process_id).cpu_times()
        except psutil.NoSuchProcess:
            return 0.0
        return float(times.user + times.system)

    async def stop(self) -> None:
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    async def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process_id, signal.SIGKILL)
        await self.stop()


def _prepare_worker() -> None:
    """Ctrl-C is the parent's to handle; a parent that was killed takes its workers along; answers go first."""
    os.nice(_NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ready(preload: tuple[str, ...]) -> int:
    """Imports what the jobs need and tells the process id."""
    for module in preload:
        importlib.import_module(module)
    return os.getpid()
