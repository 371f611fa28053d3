"""The same routes in one file of Django REST Framework, over the same tables. A ruler, frozen like the other two.

Its packages are not the product's: `make bench` installs `bench/requirements.lock` into a folder of its own.
"""

import hashlib
import io
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

place = urlsplit(os.environ["BENCH_DATABASE"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="bench-only",  # noqa: S106  signs nothing
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["rest_framework"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": place.path.lstrip("/"),
            "USER": place.username,
            "PASSWORD": place.password,
            "HOST": place.hostname,
            "PORT": place.port,
            "CONN_MAX_AGE": None,
            "OPTIONS": {"sslmode": "disable"},
        }
    },
    REST_FRAMEWORK={
        "UNAUTHENTICATED_USER": None,
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application
from django.db import models, transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from jose import jwt
from PIL import Image
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView
from uuid_utils.compat import uuid7

KEYS = json.loads(os.environ["BENCH_JWKS"])
_FOLDER = tempfile.TemporaryDirectory(prefix="xianjin-bench-drf-")
FOLDER = Path(_FOLDER.name)


class Nomination(models.Model):
    id = models.UUIDField(primary_key=True)
    campaign_key, category, quota_unit = models.TextField(), models.TextField(), models.TextField()
    campaign_version, revision = models.IntegerField(), models.IntegerField()
    unit_id, created_by = models.UUIDField(), models.UUIDField()
    unit_name, name = models.TextField(), models.TextField(default="示例")
    stage, status = models.TextField(), models.TextField()
    percent_nominee, percent_unit = models.IntegerField(default=0), models.IntegerField(default=0)
    missing_answers, for_enterprise = models.IntegerField(default=0), models.BooleanField(default=False)
    form, explanations = models.JSONField(), models.JSONField(default=list)
    created_at, saved_at = models.DateTimeField(), models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "bench", False, 'nominations"."nominations'


class Record(models.Model):
    id = models.UUIDField(primary_key=True)
    nomination_id, recorded_by = models.UUIDField(), models.UUIDField()
    kind, held_on, details = models.TextField(), models.DateField(), models.JSONField()
    recorded_at, superseded_at = models.DateTimeField(), models.DateTimeField(null=True)

    class Meta:
        app_label, managed, db_table = "bench", False, 'nominations"."unit_records'


class Event(models.Model):
    nomination_id = models.UUIDField(primary_key=True)
    sequence, event, canonical = models.IntegerField(), models.TextField(), models.BinaryField()
    previous_hash, hash, recorded_at = models.TextField(), models.TextField(), models.DateTimeField()

    class Meta:
        app_label, managed, db_table = "bench", False, 'nominations"."nomination_events'


class RowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Nomination
        fields = (
            "id", "category", "quota_unit", "unit_name", "name", "stage", "status", "percent_nominee", "percent_unit",
            "missing_answers", "saved_at",
        )  # fmt: skip


class CaseSerializer(RowSerializer):
    class Meta(RowSerializer.Meta):
        fields = (
            *RowSerializer.Meta.fields, "campaign_key", "campaign_version", "unit_id", "form", "created_at", "submitted_at",
        )  # fmt: skip


class NewSerializer(serializers.Serializer):
    campaign_key, category = serializers.CharField(), serializers.CharField()
    form = serializers.DictField()


class DeliberationSerializer(serializers.Serializer):
    held_on, form = serializers.DateField(), serializers.CharField()
    present, in_favour = serializers.IntegerField(), serializers.IntegerField()


class Bearer(BaseAuthentication):
    def authenticate(self, request):
        token = request.headers["Authorization"].removeprefix("Bearer ")
        return jwt.decode(token, KEYS, algorithms=["ES256"], audience="nominations"), None


class Cases(APIView):
    authentication_classes = (Bearer,)

    def get(self, request):
        rows = Nomination.objects.filter(
            campaign_key=request.query_params["campaign_key"],
            unit_id=request.user["org"],
            status=request.query_params["status"],
        ).order_by("-id")[:20]
        return Response({"items": RowSerializer(rows, many=True).data})

    @transaction.atomic
    def post(self, request):
        wanted = NewSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        now = datetime.now(UTC)
        case = Nomination.objects.create(
            id=uuid7(), **wanted.validated_data, campaign_version=1, revision=1, quota_unit=request.user["jur"],
            unit_id=request.user["org"], unit_name=request.user["org_name"], created_by=request.user["sub"],
            stage="unit", status="draft", created_at=now, saved_at=now,
        )  # fmt: skip
        _tell(case, 1, "0" * 64, now)
        return Response(CaseSerializer(case).data, status=201)


class Case(APIView):
    authentication_classes = (Bearer,)

    def get(self, request, case_id):
        return Response(CaseSerializer(get_object_or_404(Nomination, id=case_id, unit_id=request.user["org"])).data)


class Deliberations(APIView):
    authentication_classes = (Bearer,)

    @transaction.atomic
    def post(self, request, case_id):
        wanted = DeliberationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        now = datetime.now(UTC)
        case = Nomination.objects.select_for_update().get(id=case_id)
        kept = Record.objects.filter(nomination_id=case_id, kind="staff_deliberation", superseded_at=None)
        kept.update(superseded_at=now)
        Record.objects.create(
            id=uuid7(), nomination_id=case_id, kind="staff_deliberation", held_on=wanted.validated_data["held_on"],
            details={"present": 9}, recorded_by=request.user["sub"], recorded_at=now,
        )  # fmt: skip
        last = Event.objects.filter(nomination_id=case_id).order_by("-sequence")[0]
        case.revision += 1
        case.saved_at = now
        case.save(update_fields=["revision", "saved_at"])
        _tell(case, last.sequence + 1, last.hash, now)
        return Response(CaseSerializer(case).data, status=201)


class Documents(APIView):
    authentication_classes = (Bearer,)

    def post(self, request):
        content = request.FILES["file"].read()
        digest = hashlib.sha256(content).hexdigest()
        picture = Image.open(io.BytesIO(content))
        picture.load()
        (FOLDER / digest).write_bytes(content)
        return Response({"sha256": digest, "width": picture.width, "height": picture.height}, status=201)


def _tell(case, sequence, previous, now):
    canonical = json.dumps({"nomination_id": str(case.id), "sequence": sequence}).encode()
    event = Event(
        nomination_id=case.id, sequence=sequence, event="recorded", canonical=canonical, previous_hash=previous,
        hash=hashlib.sha256(canonical).hexdigest(), recorded_at=now,
    )  # fmt: skip
    event.save(force_insert=True)


urlpatterns = [
    path("v1/nominations", Cases.as_view()),
    path("v1/nominations/<uuid:case_id>", Case.as_view()),
    path("v1/nominations/<uuid:case_id>/staff-deliberations", Deliberations.as_view()),
    path("v1/documents", Documents.as_view()),
]
application = get_wsgi_application()
