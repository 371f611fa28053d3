"""The SQL that the floor runs: the product's own text where it has one, and one statement for each whole deed.

A ruler: change it only in a commit of its own, with the reason.
"""

from datetime import datetime

from services.common.prepared import Slot, prepare
from services.nominations.cases.surroundings import statement
from services.nominations.tables import Nomination

_GET = prepare(statement(Nomination.id == Slot("id")))
GET = _GET.text


def values_of_get(case_id: str, now: datetime) -> list[object]:
    """In the order of the statement's own slots."""
    return _GET.given({"id": case_id, "now": now})


LIST = """
SELECT json_build_object('items', coalesce(json_agg(row_to_json(page)), '[]'))::text FROM (
    SELECT id, category, quota_unit, unit_name, name, stage, status, percent_nominee, percent_unit, missing_answers, saved_at
    FROM nominations.nominations
    WHERE campaign_key = $1 AND unit_id = $2::uuid AND status = $3
    ORDER BY id DESC LIMIT 20
) AS page
"""

CREATE = """
WITH opened AS (
    INSERT INTO nominations.nominations (
        id, campaign_key, campaign_version, category, quota_unit, unit_id, unit_name, created_by, stage, status, revision,
        form, name, for_enterprise, percent_nominee, percent_unit, missing_answers, explanations, created_at, saved_at
    ) VALUES (
        $1, $3, 1, $4, '140922', gen_random_uuid(), '示例', gen_random_uuid(), 'unit', 'draft', 1,
        $5::jsonb, '示例', false, 50, 50, 3, '[]', now(), now()
    ) RETURNING *
), told AS (
    INSERT INTO nominations.nomination_events
        (nomination_id, sequence, event, canonical, previous_hash, hash, recorded_at)
    SELECT id, 1, 'created', $6, repeat('0', 64), encode(sha256($6), 'hex'), now() FROM opened
), once AS (
    INSERT INTO nominations.idempotency_keys (caller, operation, key, request_hash, status, answer)
    VALUES ('floor', 'create', $2, '', 201, $5::jsonb)
)
SELECT row_to_json(opened)::text FROM opened
"""

TRANSITION = """
WITH held AS (
    SELECT * FROM nominations.nominations WHERE id = $1::uuid FOR UPDATE
), moved AS (
    UPDATE nominations.nominations n SET revision = n.revision + 1, saved_at = now() FROM held WHERE n.id = held.id
    RETURNING n.*
), before AS (
    SELECT e.sequence, e.hash FROM nominations.nomination_events e
    WHERE e.nomination_id = $1::uuid ORDER BY sequence DESC LIMIT 1
), told AS (
    INSERT INTO nominations.nomination_events
        (nomination_id, sequence, event, canonical, previous_hash, hash, recorded_at)
    SELECT moved.id, before.sequence + 1, 'recorded', $4, before.hash, encode(sha256($4), 'hex'), now()
    FROM moved, before
), over AS (
    UPDATE nominations.unit_records SET superseded_at = now()
    WHERE nomination_id = $1::uuid AND kind = 'inspection' AND superseded_at IS NULL
), written AS (
    INSERT INTO nominations.unit_records (id, nomination_id, kind, held_on, details, recorded_by, recorded_at)
    SELECT $2, moved.id, 'staff_deliberation', '2025-02-07', $3::jsonb, gen_random_uuid(), now() FROM moved
    ON CONFLICT (nomination_id, kind) WHERE superseded_at IS NULL DO UPDATE SET details = excluded.details
)
SELECT row_to_json(moved)::text FROM moved
"""

UPLOAD = """
WITH kept AS (
    INSERT INTO documents.stored_objects (object_key, sha256, byte_count, sealed) VALUES ($1, $2, $3, false)
    ON CONFLICT DO NOTHING
)
SELECT json_build_object('id', $4::uuid, 'sha256', $2::text, 'width', $5::int, 'height', $6::int)::text
"""
