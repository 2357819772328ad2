"""What the API answers, in words that OpenAPI can show; a test holds every answer to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from geo.finding import CATEGORIES, PRESENCES, SEVERITIES, STATES
from geo.proposal import HINDRANCES, KINDS
from geo.tolerance import CLASSES

Degrees = list[float]
Geo = dict[str, Any]


class Answer(BaseModel):
    """An answer with these fields and no other."""

    model_config = ConfigDict(extra="forbid")


class Words(Answer):
    """One text in Chinese and English."""

    zh: str
    en: str


class Named(Answer):
    """A place, issuer or holder by its code."""

    code: str
    name: str | None


class Me(Answer):
    """Who is signed in."""

    username: str
    role: Literal["surveyor", "official", "admin"]
    scope: str


class Token(Answer):
    """A token that reads on somebody's behalf."""

    id: int
    name: str
    made_at: datetime
    expires_at: datetime


class Tokens(Answer):
    """The tokens of a person."""

    items: list[Token]


class NewToken(Answer):
    """A token as it is told once."""

    id: int
    token: str


class Link(Answer):
    """Where to go on, as OGC API Features has it."""

    href: str
    rel: str
    type: str


class Landing(Answer):
    """What the OGC API is."""

    title: str
    description: str
    links: list[Link]


class Conformance(Answer):
    """The parts of the standard that are kept."""

    conformsTo: list[str]


class Collection(Answer):
    """One collection: its links, its systems, and the box around it."""

    id: str
    title: str
    itemType: str
    links: list[Link]
    crs: list[str]
    storageCrs: str
    extent: dict[str, Any] | None = None


class Collections(Answer):
    """All collections."""

    links: list[Link]
    collections: list[Collection]


class HandedIn(Answer):
    """A delivery that was received."""

    id: int
    state: str
    url: str


class Step(Answer):
    """How far the work is."""

    step_zh: str
    step_en: str
    done: int
    total: int


class Outcome(Answer):
    """What the run after a delivery meant for findings."""

    new: int
    still: int
    changed: int
    gone: int
    reopened: int


class LayerLine(Answer):
    """One layer of a delivery: read is stored and rejected together."""

    layer: str
    source: str
    read: int
    stored: int
    rejected: int


class Sample(Answer):
    """Five rows of a layer as delivered."""

    columns: list[str]
    rows: list[list[str | None]]


class Decision(Answer):
    """One decision about a layer: `sure` is false where a person should look."""

    name: Literal["layer", "encoding", "crs", "columns", "units"]
    chosen: Any
    sure: bool
    evidence: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]


class Preview(Answer):
    """What was seen of a layer of a file that was refused."""

    layer: str | None
    source: str
    sample: Sample
    decisions: list[Decision]
    outlines: Geo | None


class Entered(Answer):
    """What storing a layer did to the books, in rows; `left` gave way to it."""

    new: int
    changed: int
    unchanged: int
    left: int


class LayerTold(LayerLine):
    """One layer of a delivery with the evidence for every decision, and what storing it did."""

    entered: Entered | None

    sample: Sample | None
    decisions: list[Decision]
    outlines: Geo | None

    encoding: str | None
    encoding_evidence: list[Words]
    crs: str | None
    crs_evidence: list[Words]
    columns: dict[str, str] | None
    ignored: list[str]
    notes: list[dict[str, Any]]


class RejectedRow(Answer):
    """A row that could not be stored."""

    layer: str
    row: int
    code: str
    parcel_code: str | None
    reason: Words
    place: Degrees | None


class UploadLine(Answer):
    """One line of the list of deliveries."""

    id: int
    url: str
    filename: str
    sha256: str
    size_bytes: int
    state: Literal[
        "received", "reading", "awaiting_acceptance", "storing", "detecting", "done", "refused", "failed", "withdrawn"
    ]
    scope: str
    progress: Step | None
    error: dict[str, str] | None
    counts: Outcome | None
    findings: int | None
    received_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    layers: list[LayerLine]


class VanishedTold(Answer):
    """What stood where a delivery was made for and is not in it, by layer; and what was answered about it."""

    counts: dict[str, int]
    answer: Literal["keep", "end"] | None
    ended_on: date | None
    by: str | None
    ended: dict[str, int]


class VanishedRow(Answer):
    """One thing that is not in a delivery, and the delivery that had brought it."""

    layer: str
    code: str
    since_upload: int
    place: Degrees | None


class Vanished(Answer):
    """A page of what vanished."""

    items: list[VanishedRow]
    next: int | None


class Row(Answer):
    """One row of a delivery, by our name of its layer and its number in the file, from 0."""

    layer: str
    row: int


class Repair(Row):
    """A shape that is stored though invalid, and what it would be when repaired; `null` where it is not drawn."""

    code: str
    area_before_m2: float | None
    area_after_m2: float | None
    before: Geo | None
    after: Geo | None


class Repairs(Answer):
    """What is proposed, what a person accepted of it, and how many shapes were stored repaired."""

    items: list[Repair]
    accepted: list[Row]
    by: str | None
    stored: int | None


class UploadTold(UploadLine):
    """Everything about one delivery."""

    decisions: dict[str, Any]
    survey_date: date | None
    notes: list[dict[str, Any]]
    package: dict[str, Any] | None
    vanished: VanishedTold
    repairs: Repairs
    previous: int | None
    layers: list[LayerTold]
    previews: list[Preview]
    rejected: list[RejectedRow]


class Party(Answer):
    """One side of a finding."""

    layer: str
    code: str


class DefectLine(Answer):
    """One defect of a delivery; `row` counts from 0 in the file, where a row of the file is meant."""

    row: int | None
    code: str | None
    key: str | None
    outcome: Literal["new", "still", "changed", "reopened"] | None
    village: Named | None
    other: Party | None
    sentence: Words
    place: Degrees | None


class Cited(Words):
    """An article that a rule cites."""

    key: str


class DefectGroup(Answer):
    """Defects of one rule and reason, with the first of them."""

    id: str
    kind: Literal["rejected", "finding", "package"]
    rule: str
    layer: str | None
    reason: str
    severity: Literal[SEVERITIES]
    title: Words
    articles: list[Cited]
    count: int
    placed: int
    villages: int
    rows: list[DefectLine]


class DefectSquare(Answer):
    """How many defects lie about a place."""

    place: Degrees
    count: int
    severity: Literal[SEVERITIES]


class DefectGroups(Answer):
    """All defects of a delivery in groups; counts of a filter are what choosing each of its values would give."""

    total: int
    all: int
    groups: list[DefectGroup]
    facets: dict[str, dict[str, int]]
    villages: dict[str, str | None]
    squares: list[DefectSquare]


class DefectRows(Answer):
    """A page of one group; `next` is the cursor of the page after it."""

    items: list[DefectLine]
    next: str | None


class MapTold(Answer):
    """How one surveying company names its columns."""

    id: int
    name: str
    layer: str
    columns: dict[str, str]
    units: dict[str, str]
    encoding: str | None
    crs: int | None
    made_at: datetime
    file: str


class Maps(Answer):
    """Column maps, the latest first."""

    items: list[MapTold]


class ClassOf(Answer):
    """One class of a raster: its colour on the map, and how many pixels have it."""

    value: int
    colour: str
    pixels: int


class ImageTold(Answer):
    """One image of the ground: what came, what was said of it, and, once ready, what it is."""

    id: int
    filename: str
    sha256: str
    size_bytes: int
    kind: Literal["orthophoto", "classes"]
    taken_on: date
    scope: str
    asked: dict[str, Any]
    state: Literal["received", "ready", "refused", "failed", "withdrawn"]
    error: dict[str, str] | None
    notes: list[dict[str, Any]]
    crs: str | None
    size: list[int] | None
    bands: int | None
    dtype: str | None
    nodata: float | None
    pixel_m: float | None
    classes: list[ClassOf]
    bbox: Degrees | None
    tiles: str | None
    received_at: datetime


class Images(Answer):
    """Images, the latest first."""

    items: list[ImageTold]


class ImageNamed(Answer):
    """An image as a comparison names it."""

    id: int
    filename: str
    taken_on: date
    sha256: str


class PatchesOf(Answer):
    """The patches of one kind, and how large they are together; those of a season are not stored."""

    kind: Literal["built", "earthwork", "vegetation"]
    patches: int
    m2: float


class ComparisonTold(Answer):
    """One comparison: what was asked and by whom, how far it is, and what it found.

    Once its patches are handed in, its state is that of the delivery that they became.
    """

    id: int
    url: str
    before: ImageNamed
    after: ImageNamed
    scope: str
    settings: dict[str, float]
    asked_by: str
    asked_at: datetime
    withdrawn_by: str | None
    state: Literal[
        "received", "comparing", "reading", "awaiting_acceptance", "storing", "detecting", "done", "refused", "failed",
        "withdrawn",
    ]  # fmt: skip
    progress: Step | None
    error: dict[str, Any] | None
    patches: list[PatchesOf]
    seen_m2: float | None
    unseen_m2: float | None
    method: dict[str, Any] | None
    version: str | None
    upload: int | None
    counts: Outcome | None
    ended_at: datetime | None


class Comparisons(Answer):
    """Comparisons, the newest first."""

    items: list[ComparisonTold]


class Resting(Answer):
    """A finding that rests on a patch."""

    key: str
    rule: str


class PatchTold(Answer):
    """What is known of a patch; `stands` is false where a later delivery has taken its place."""

    ref: str
    name: str | None
    class_code: str | None
    before_on: date | None
    after_on: date | None
    area_m2: float
    width_m: float | None
    confidence: float | None
    stands: bool
    findings: list[Resting]


class PatchFeature(Answer):
    """One patch as GeoJSON, in degrees."""

    type: Literal["Feature"]
    geometry: Geo
    properties: PatchTold


class ComparisonPatches(Answer):
    """The patches of a comparison as GeoJSON, the largest first."""

    type: Literal["FeatureCollection"]
    features: list[PatchFeature]


class SeenIn(ImageNamed):
    """An image that a finding rests on, and the ground in it as an SVG; none where it may not be shown."""

    svg: str | None


class SeenChange(Answer):
    """A comparison that patches of a finding are from: both images, its settings, how far they stood apart."""

    id: int
    patches: list[str]
    settings: dict[str, float]
    registered: dict[str, float]
    version: str
    before: SeenIn
    after: SeenIn


class Share(Answer):
    """What of a parcel lies on one class."""

    value: int
    colour: str | None
    m2: float
    share: float


class Shares(Answer):
    """What an image shows under a parcel; `measured` is false for an outline that crosses itself."""

    image: int
    taken_on: date
    parcel: str
    area_m2: float
    measured: bool
    covered_m2: float
    classes: list[Share]


class Turns(Answer):
    """Findings between two deliveries, counted; `elsewhere` is by the work of another delivery than the later one."""

    fixed: int
    fixed_elsewhere: int
    new: int
    new_elsewhere: int
    open: int
    changed: int


class TurnsOf(Turns):
    """The counts of one village and surveyor."""

    village: Named
    surveyor: str


class Turned(Answer):
    """One finding between two deliveries: its areas then and now, and the delivery that saw it come or go."""

    key: str
    rule: str
    title: Words
    turn: Literal["fixed", "new", "open"]
    changed: bool
    severity: Literal[SEVERITIES]
    village: Named
    surveyor: str
    by: int | None
    a: Party
    b: Party | None
    before_m2: float | None
    after_m2: float | None
    sentence: Words
    place: Degrees | None


class Comparison(Answer):
    """What changed between two deliveries on the ground that both touched, and a page of the findings asked for."""

    before: int
    after: int
    areas: int
    counts: Turns
    parts: list[TurnsOf]
    items: list[Turned]
    next: str | None


class LedgerSums(Answer):
    """Areas in m² and sums in yuan of the ledger of reserved land."""

    taken_m2: float | None
    owed_m2: float | None
    land_m2: float | None
    money_m2: float | None
    property_m2: float | None
    granted_m2: float | None
    left_m2: float | None
    compensation_due_yuan: float | None
    compensation_paid_yuan: float | None
    pension_due_yuan: float | None
    pension_paid_yuan: float | None


class LedgerLine(LedgerSums):
    """One expropriation, or one piece of reserved land that none claims."""

    code: str
    issuer: Named
    issuer_code: str | None
    approval_no: str | None
    name: str | None
    approved_on: date | None
    implemented_on: date | None
    ratio: float | None
    quota_m2: float | None
    left_mu: str | None
    compensation_due_on: date | None
    pension_due_on: date | None


class LedgerPlace(LedgerSums):
    """What a county, town or village has in the ledger."""

    level: Literal["county", "town", "village"]
    code: str
    name: str | None
    rows: int


class FlexibleLand(Answer):
    """Flexible land of one collective beside its cultivated land."""

    issuer: Named
    flexible_m2: float
    cultivated_m2: float
    parcels: int
    share: float
    over: bool


class Ledger(Answer):
    """The ledger of reserved land on a day; flexible land is kept apart from it."""

    day: date
    items: list[LedgerLine]
    sums: LedgerSums
    places: list[LedgerPlace]
    flexible: list[FlexibleLand]


class Uploads(Answer):
    """A page of the list of deliveries; `next` is the cursor of the page after it."""

    items: list[UploadLine]
    next: int | None


class FindingLine(Answer):
    """One finding in a list."""

    key: str
    rule: str
    title: Words
    category: Literal[CATEGORIES]
    severity: Literal[SEVERITIES]
    state: Literal[STATES]
    presence: Literal[PRESENCES]
    sentence: Words
    a: Party
    b: Party | None
    shared_m2: float | None
    firm_m2: float | None
    width_m: float | None
    share_a: float | None
    share_b: float | None
    point: Degrees | None
    bbox: Degrees | None
    village: Named
    first_seen: datetime
    last_seen: datetime | None
    seq: int


class Findings(Answer):
    """A page of findings; counts are what choosing each value would give."""

    items: list[FindingLine]
    next: str | None
    total: int
    facets: dict[str, dict[str, int]]


class Event(Answer):
    """One decision."""

    seq: int
    action: str
    from_: str = Field(alias="from")
    to: str
    reason: str
    actor: str | None
    at: datetime
    due_on: date | None
    assignee: str | None


class Charge(Answer):
    """Who has a finding in hand, and until when."""

    assignee: str | None
    due_on: date | None


class Dossier(FindingLine):
    """Everything about one finding; shapes are GeoJSON in degrees."""

    a_detail: dict[str, Any]
    b_detail: dict[str, Any] | None
    a_shape: Geo | None
    b_shape: Geo | None
    cut: Geo | None
    crs: int
    articles: list[dict[str, Any]]
    thresholds: dict[str, float]
    evidence: dict[str, Any]
    same_as: str | None
    run: dict[str, Any]
    events: list[Event]
    charge: Charge | None
    actions: list[str]


class Areas(Answer):
    """The areas of one side beside each other, in m²."""

    contract_m2: float | None
    surveyed_m2: float | None
    confirmed_m2: float | None
    drawn_m2: float | None


class Brought(Answer):
    """The delivery that first brought a shape."""

    upload: int
    surveyed_on: date | None
    received_on: date


class Spoken(Answer):
    """One document of a side."""

    kind: str
    code: str
    name: str | None
    on: date | None
    from_: date | None = Field(alias="from")
    to: date | None
    area_m2: float | None
    consented_on: date | None
    said: Words | None


class SideTold(Answer):
    """Which documents speak for a side; those of a party in another area are with its office (`outside`)."""

    layer: str
    code: str
    outside: bool
    holder: Named | None
    areas: Areas
    delivery: Brought | None
    papers: list[Spoken]


class Once(Answer):
    """One version of something that lay here, or of a paper about a parcel here; `day` is its place in the order."""

    layer: str
    code: str
    day: date
    from_: date | None = Field(alias="from")
    to: date | None
    known_from: datetime
    corrected_at: datetime | None
    surveyed_on: date | None
    came_on: date
    upload: int
    name: str | None
    said: Words | None
    parcel: str | None
    holder: Named | None
    other: Named | None
    area_m2: float | None
    shared_m2: float | None


class Ever(Answer):
    """Everything that ever lay on a ground, oldest first; `elsewhere` papers are about parcels of another area."""

    items: list[Once]
    elsewhere: int
    complete: bool


class ToleranceStep(Answer):
    """What is left of the ground at one tolerance."""

    tolerance_m: float
    firm_m2: float
    sure_m2: float
    fires: bool


class Tolerance(Answer):
    """How sure a dispute is, in words and as a drawing."""

    taken_for: Literal[CLASSES]
    words: Words
    area_m2: float
    width_m: float
    least_m2: float
    steps: list[ToleranceStep]
    svg: str


class OfferedTo(Answer):
    """What a proposal means for one side."""

    holder: Named | None
    before_m2: float
    after_m2: float
    change_m2: float
    contract_m2: float | None


class Offer(Answer):
    """One way in which a dispute could be settled; it is never applied by itself."""

    kind: Literal[KINDS]
    words: Words
    older: Literal["a", "b"] | None
    sides: dict[str, OfferedTo]
    line: Geo | None
    svg: str


class NotOffered(Answer):
    """A way that is not offered, and why."""

    kind: Literal[KINDS]
    why: Literal[HINDRANCES]
    words: Words


class Proposals(Answer):
    """What geometry and papers offer."""

    items: list[Offer]
    not_offered: list[NotOffered]


class Change(Answer):
    """What one way to settle would take from a household, over so many findings of a group."""

    change_m2: float
    findings: int


class Household(Named):
    """A household that findings of a group meet; `changes` by way to settle."""

    findings: int
    disputed_m2: float
    changes: dict[str, Change]


class Chain(Answer):
    """The findings on one ground; `elsewhere` are those of another area, which are not listed."""

    name: str
    findings: int
    complete: bool
    elsewhere: int
    items: list[FindingLine]
    households: list[Household]


class InShort(Answer):
    """One thing to know first about a finding, in both languages: between whom, how sure, who has it, what is next."""

    name: Words
    words: Words


class Explained(Answer):
    """A finding explained to somebody who was not there; drawings are SVG."""

    key: str
    in_short: list[InShort]
    sides: dict[str, SideTold | None]
    timeline: Ever | None
    tolerance: Tolerance | None
    proposals: Proposals | None
    group: Chain | None
    drawing: dict[str, str] | None
    comparisons: list[SeenChange]


class Decided(Answer):
    """Where a finding stands after a decision."""

    key: str
    state: Literal[STATES]
    seq: int


class Village(Named):
    """A village with what it holds."""

    parcels: int
    findings: int


class Villages(Answer):
    """The villages of one's area."""

    items: list[Village]


class Term(Answer):
    """From when to when; null is without bound, and papers write the year 9999 for a term without end."""

    from_: date | None = Field(alias="from")
    to: date | None


class ParcelTold(Answer):
    """What the books hold of one parcel on a day; its certificate and contract are those of its holder."""

    code: str
    name: str | None
    category: str | None
    land_use: str | None
    fertility: str | None
    purpose: str | None
    is_basic_farmland: str | None
    surveyed_m2: float | None
    area_m2: float
    predecessors: str | None
    contractor: Named | None
    contract: dict[str, Any] | None
    contract_m2: float | None = None
    confirmed_m2: float | None = None
    acquired_by: Words | None = None
    certificate: str | None = None
    valid: Term
    upload: int
    geometry: Geo
    findings: list[FindingLine]


class Parcels(Answer):
    """Parcels as GeoJSON; `complete` is false where the limit cut the list."""

    type: Literal["FeatureCollection"]
    features: list[Geo]
    complete: bool


class Bounds(Answer):
    """What lies beyond a parcel's four sides, neighbours masked."""

    east: str | None
    south: str | None
    west: str | None
    north: str | None


class HeldParcel(Answer):
    """One parcel of a certificate; neighbours are shapes without names."""

    code: str
    name: str | None
    contract_m2: float | None
    surveyed_m2: float | None
    confirmed_m2: float | None
    geometry: Geo
    neighbours: list[Geo]
    bounds: Bounds
    sketch: str


class Member(Answer):
    """A member of the household, masked."""

    name: str
    relation: Words | None


class Reason(Words):
    """Why a certificate is withheld."""

    rule: str


class Withheld(Answer):
    """Whether something holds a certificate back now, and what."""

    is_: bool = Field(alias="is")
    reasons: list[Reason]


class Certificate(Answer):
    """A certificate as its holder may show it."""

    code: str
    holder: str
    members: list[Member]
    issuer: Named
    parcels: list[HeldParcel]
    term: Term
    withheld: Withheld
    pdf_url: str


class RuleTold(Answer):
    """One rule of the book."""

    id: str
    title: Words
    category: Literal[CATEGORIES]
    severity: Literal[SEVERITIES]
    subject: str
    subjects: list[str]
    against: str | None
    basis: list[str]
    since: date
    until: date | None
    thresholds: dict[str, float]
    doc: str


class Rules(Answer):
    """The rule book."""

    items: list[RuleTold]


class RuleAsked(Answer):
    """What became of one rule when it was last asked: it ran, something hindered it, or it never was asked."""

    rule: str
    title: Words
    status: Literal["run", "skipped", "never"]
    reason: Words | None
    findings: int | None
    without: list[str]
    run: int | None
    day: date | None


class RulesAsked(Answer):
    """Every rule of the book, and how many of them could not be asked."""

    items: list[RuleAsked]
    not_run: int


class ThresholdsSet(Answer):
    """One version of the counties' thresholds: by county code or `all`, rule and threshold."""

    id: int
    version: str
    set_at: datetime
    counties: dict[str, dict[str, dict[str, float]]]
    names: dict[str, str]


class Thresholds(Answer):
    """Every version that was ever set, the newest first and in force."""

    items: list[ThresholdsSet]


class ThresholdSaid(Answer):
    """One threshold that a county set, in words, beside what the rule book says."""

    county: str
    name: str | None
    rule: str
    title: Words
    threshold: str
    label: Words
    book: Words | None
    value: Words


class ThresholdsVersion(Answer):
    """One version of the counties' thresholds, and who put it in force."""

    id: int
    version: str
    set_at: datetime
    set_by: str


class ThresholdsMine(Answer):
    """What is in force in one's own counties."""

    may_set: bool
    items: list[ThresholdSaid]
    history: list[ThresholdsVersion]


class ThresholdDefect(Answer):
    """One thing that is wrong in a file of thresholds, with its place."""

    place: str
    words: Words


class ThresholdsHandedIn(Answer):
    """Whether a file of thresholds can be used, what is wrong with it, what it sets, and its number once in force."""

    usable: bool
    defects: list[ThresholdDefect]
    version: str | None
    items: list[ThresholdSaid]
    id: int | None


class Standing(Answer):
    """Whether the house is open."""

    status: str


def answering(model: type[Answer], status: int = 200) -> dict[str, Any]:
    """Options of a route that say in OpenAPI what it answers, without reading every answer a second time."""
    return {"response_model": None, "responses": {status: {"model": model}}}
