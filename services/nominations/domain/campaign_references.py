"""References inside a campaign that lead nowhere, and values that contradict one another: found before it is published."""

import re
from collections.abc import Iterable, Iterator, Mapping

from services.nominations.domain.campaign import Campaign, CampaignProblem, Category, ScopeRule, WorkingGroup
from services.nominations.domain.consultation import ConsultationRow, NomineeFacts, required_opinions
from services.nominations.domain.form_definition import REMARKS, Condition, FieldDefinition, FieldType, FormDefinition
from services.nominations.domain.permissions import BUREAUS, STAGE_REVIEWERS
from services.nominations.domain.workflow import FIRST_STAGE

IDENTITY_KEY = "resident_id_number"
NO_SUCH_UNIT = "no such quota unit"
_CHOSEN = (FieldType.ENUM, FieldType.ENUM_SET)
_NOT_IN_A_ROW = (FieldType.LIST, FieldType.ENUM_SET, FieldType.ATTESTATION, FieldType.RESIDENT_ID)


def loose_references(campaign: Campaign) -> Iterator[CampaignProblem]:
    """Every one of them."""
    yield from _twice("categories", campaign.category_keys)
    for category in campaign.categories:
        yield from _about_category(category, campaign)
    yield from _about_quotas(campaign)
    yield from _about_paths(campaign)
    if campaign.working_group is not None:
        yield from _about_working_group(campaign.working_group)
    if FIRST_STAGE not in campaign.publicity:
        yield CampaignProblem("publicity", f"no rule for {FIRST_STAGE}")
    for number, authority in enumerate(campaign.city_collected):
        if authority not in campaign.authorities:
            yield CampaignProblem(f"city_collected[{number}]", f"is no authority: {authority}")
    for number, row in enumerate(campaign.consultation):
        yield from _about_matrix(f"consultation[{number}]", row, campaign)
    for category in campaign.categories:
        yield from _nobody_asked(category, campaign)
    yield from _about_documents(campaign)
    for number, preference in enumerate(campaign.preferences):
        path = f"preferences[{number}]"
        yield from _about_case_field(path, preference.category, preference.condition.field, campaign)
    for fact in campaign.balance:
        asked = fact.spread_of if fact.condition is None else fact.condition.field
        yield from _about_case_field(f"balance.{fact.key}", fact.category, asked or "", campaign)
    yield from _twice("balance", [fact.key for fact in campaign.balance])
    for form in campaign.forms.values():
        yield from _about_form(form, campaign)
    yield from _about_requirements(campaign)
    if campaign.contact_form is not None and campaign.contact_form not in campaign.forms:
        yield CampaignProblem("contact_form", f"no form {campaign.contact_form}")


def _about_working_group(group: WorkingGroup) -> Iterator[CampaignProblem]:
    """“市人社局、市工信局联合成立” (R37): both bureaus sit in it, and one person leads it (R39)."""
    for number, member in enumerate(group.members):
        for position in member.positions:
            if position not in group.positions:
                yield CampaignProblem(f"working_group.members[{number}]", f"holds no known position: {position}")
    if {member.bureau for member in group.members} != set(BUREAUS):
        yield CampaignProblem("working_group.members", "come from both bureaus")
    if sum("leader" in member.positions for member in group.members) != 1:
        yield CampaignProblem("working_group.members", "have one leader")


def _about_category(category: Category, campaign: Campaign) -> Iterator[CampaignProblem]:
    path = f"categories.{category.key}"
    form = campaign.forms.get(category.form)
    if form is None:
        yield CampaignProblem(f"{path}.form", f"no form {category.form}")
        return
    if form.get(category.name_field) is None:
        yield CampaignProblem(f"{path}.name_field", f"no field {category.name_field}")
    if category.enterprise_if is not None and form.get(category.enterprise_if.field) is None:
        yield CampaignProblem(f"{path}.enterprise_if", f"no field {category.enterprise_if.field}")
    nature = form.get(category.nature_field)
    if nature is None or nature.type is not FieldType.ENUM:
        yield CampaignProblem(f"{path}.nature_field", f"no enum field {category.nature_field}")
    for definition in form.fields:
        if definition.max_count not in (None, campaign.deeds_limit):
            yield CampaignProblem(f"forms.{form.key}.{definition.key}.max_count", "differs from deeds_limit")
    for number, rule in enumerate(category.scope_rules):
        yield from _about_scope_rule(f"{path}.scope_rules[{number}]", rule, category, form, campaign)


def _about_scope_rule(
    path: str, rule: ScopeRule, category: Category, form: FormDefinition, campaign: Campaign
) -> Iterator[CampaignProblem]:
    """A misspelt scope or field would let every case through (R9)."""
    if rule.scope not in category.scopes:
        yield CampaignProblem(path, f"no scope {rule.scope}")
    if not rule.needs:
        yield CampaignProblem(f"{path}.needs", "must have at least 1 item")
    for need in rule.needs:
        if form.get(need.field) is None:
            yield CampaignProblem(path, f"no field {need.field}")
        yield from _about_condition(path, need, form, campaign)


def _about_quotas(campaign: Campaign) -> Iterator[CampaignProblem]:
    yield from _twice("quotas", [row.quota_unit for row in campaign.quotas])
    for row in campaign.quotas:
        for key in sorted(row.seats.keys() ^ set(campaign.category_keys)):
            fault = "no category" if key in row.seats else "no seats for"
            yield CampaignProblem(f"quotas.{row.quota_unit}", f"{fault} {key}")
    for unit in campaign.printed_unit_names:
        if not campaign.recommends(unit):
            yield CampaignProblem(f"printed_unit_names.{unit}", NO_SUCH_UNIT)


def _about_paths(campaign: Campaign) -> Iterator[CampaignProblem]:
    """A case starts at its unit, and at each stage above somebody can review it (R45)."""
    for unit, stages in campaign.paths.items():
        if unit != "default" and unit not in {row.quota_unit for row in campaign.quotas}:
            yield CampaignProblem(f"paths.{unit}", NO_SUCH_UNIT)
        if stages[:1] != (FIRST_STAGE,):
            yield CampaignProblem(f"paths.{unit}", f"must begin with {FIRST_STAGE}")
        for stage in stages[1:]:
            if stage not in STAGE_REVIEWERS:
                yield CampaignProblem(f"paths.{unit}", f"no stage {stage}")
        yield from _twice(f"paths.{unit}", stages)


def _about_matrix(path: str, row: ConsultationRow, campaign: Campaign) -> Iterator[CampaignProblem]:
    for authority in row.authorities:
        if authority not in campaign.authorities:
            yield CampaignProblem(path, f"no authority {authority}")
    natures = {
        nature for category in campaign.categories if category.subject == row.subject
        for nature in _natures(category, campaign)
    }  # fmt: skip
    for nature in row.natures:
        if nature not in natures:
            yield CampaignProblem(path, f"no nature {nature}")


def _nobody_asked(category: Category, campaign: Campaign) -> Iterator[CampaignProblem]:
    """“所有推荐对象需征求属地或户籍所在地公安部门意见” (R80): a nominee whom no row fits would pass without any opinion."""
    form = campaign.forms.get(category.form)
    heads = (False, True) if form is not None and form.get("is_enterprise_head") is not None else (False,)
    labels = {authority: authority for row in campaign.consultation for authority in row.authorities}
    for nature in sorted(_natures(category, campaign)):
        for head in heads:
            facts = NomineeFacts(category.subject, nature, nature, head)
            if not required_opinions(campaign.consultation, labels, facts):
                who = f"{category.key}, {nature}{', enterprise head' if head else ''}"
                yield CampaignProblem("consultation", f"nobody is asked about {who}")


def _natures(category: Category, campaign: Campaign) -> set[str]:
    form = campaign.forms.get(category.form)
    definition = form.get(category.nature_field) if form is not None else None
    choices = campaign.enums.get(definition.enum or "", ()) if definition is not None else ()
    return {choice.value for choice in choices}


def _about_case_field(path: str, category_key: str, field: str, campaign: Campaign) -> Iterator[CampaignProblem]:
    """A fact is read from a field of the category's own form."""
    if category_key not in campaign.category_keys:
        yield CampaignProblem(path, f"no category {category_key}")
        return
    form = campaign.forms.get(campaign.category(category_key).form)
    if form is not None and form.get(field) is None:
        yield CampaignProblem(path, f"no field {field}")


def _about_documents(campaign: Campaign) -> Iterator[CampaignProblem]:
    categories = {category.key: category for category in campaign.categories}
    for need in campaign.document_needs:
        category = categories.get(need.category)
        if category is None:
            yield CampaignProblem(f"document_needs.{need.kind}", f"no category {need.category}")
            continue
        form = campaign.forms.get(category.form)
        if need.condition is None or form is None:
            continue
        if form.get(need.condition.field) is None:
            yield CampaignProblem(f"document_needs.{need.kind}", f"no field {need.condition.field}")
        yield from _about_condition(f"document_needs.{need.kind}", need.condition, form, campaign)


def _about_form(form: FormDefinition, campaign: Campaign) -> Iterator[CampaignProblem]:
    path = f"forms.{form.key}"
    yield from _about_columns(path, form, campaign)
    yield from _twice(path, [definition.key for definition in form.fields])
    earlier: set[str] = set()
    for definition in form.fields:
        yield from _about_field(f"{path}.{definition.key}", definition, campaign)
        condition = definition.required_if
        if condition is not None and condition.field not in earlier:
            yield CampaignProblem(f"{path}.{definition.key}.required_if", "no such field above this one")
        elif condition is not None:
            yield from _about_condition(f"{path}.{definition.key}.required_if", condition, form, campaign)
        earlier.add(definition.key)


def _about_requirements(campaign: Campaign) -> Iterator[CampaignProblem]:
    """A refusal that points to a clause nobody can read explains nothing."""
    named = {f"disqualifiers.{each.key}": each.requirement for each in campaign.disqualifiers}
    named |= {f"document_needs.{each.kind}": each.requirement for each in campaign.document_needs}
    for category in campaign.categories:
        rules = enumerate(category.scope_rules)
        named |= {f"categories.{category.key}.scope_rules[{number}]": rule.requirement for number, rule in rules}
    for form in campaign.forms.values():
        named |= {f"forms.{form.key}.{each.key}": each.requirement for each in form.fields}
    for path, requirement in named.items():
        if requirement and requirement not in campaign.requirements:
            yield CampaignProblem(f"{path}.requirement", f"no requirement {requirement}")


def _about_columns(path: str, form: FormDefinition, campaign: Campaign) -> Iterator[CampaignProblem]:
    """A summary table is read from the cases of one category: every column leads somewhere."""
    yield from _twice(f"{path}.columns", [column.key for column in form.columns])
    for column in form.columns:
        for source in column.sources:
            yield from _about_case_field(f"{path}.{column.key}", form.category or "", source, campaign)
        for word in sorted(column.remarks.keys() - column.renames.keys()):
            yield CampaignProblem(f"{path}.{column.key}.remarks", f"tell of a word that is not renamed: {word}")
        if column.remarks and REMARKS not in [each.key for each in form.columns]:
            yield CampaignProblem(f"{path}.{column.key}.remarks", f"no column {REMARKS}")
    for authority in form.boxes:
        if authority not in campaign.authorities:
            yield CampaignProblem(f"{path}.boxes.{authority}", "no such authority")


def _about_condition(
    path: str, condition: Condition, form: FormDefinition, campaign: Campaign
) -> Iterator[CampaignProblem]:
    """A misspelt value would switch a question off for everybody, such as who heads an enterprise (R82)."""
    asked = form.get(condition.field)
    if asked is None:
        return
    for value in (condition.equals, condition.differs_from, *condition.one_of):
        if value is not None and not _can_hold(asked, value, campaign):
            yield CampaignProblem(path, f"{asked.key} never holds {value!r}")


def _can_hold(definition: FieldDefinition, value: object, campaign: Campaign) -> bool:
    if definition.type is FieldType.ENUM:
        choices = campaign.enums.get(definition.enum or "")
        return choices is None or value in [choice.value for choice in choices]
    if definition.type in (FieldType.BOOLEAN, FieldType.ATTESTATION):
        return isinstance(value, bool)
    if definition.type is FieldType.INTEGER:
        return type(value) is int
    return isinstance(value, str)


def _about_field(path: str, definition: FieldDefinition, campaign: Campaign) -> Iterator[CampaignProblem]:
    enums: Mapping[str, object] = campaign.enums
    if (definition.type in _CHOSEN or definition.enum is not None) and definition.enum not in enums:
        yield CampaignProblem(f"{path}.enum", f"no enum {definition.enum}")
    if (definition.type is FieldType.LIST) != bool(definition.items):
        yield CampaignProblem(f"{path}.items", "are what a list has, and only a list")
    patterns = {"pattern": definition.pattern, "pattern_without_county": definition.pattern_without_county}
    for name, pattern in patterns.items():
        if pattern is not None and not _compiles(pattern):
            yield CampaignProblem(f"{path}.{name}", "is not a regular expression")
    if definition.type is FieldType.RESIDENT_ID and definition.key != IDENTITY_KEY:
        yield CampaignProblem(path, f"must be called {IDENTITY_KEY}: no other number is sealed and masked")
    yield from _twice(f"{path}.items", [item.key for item in definition.items])
    for item in definition.items:
        if item.type in _NOT_IN_A_ROW or item.required_if is not None:
            yield CampaignProblem(f"{path}.{item.key}", "is too much for a row: single values without conditions only")
        yield from _about_field(f"{path}.{item.key}", item, campaign)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _twice(path: str, keys: Iterable[str]) -> Iterator[CampaignProblem]:
    keys = list(keys)
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield CampaignProblem(f"{path}.{key}", "stands twice")
