"""Problems that several routes share, in the order in which they are met."""

from services.common.problems import (
    MalformedMultipart,
    NotFound,
    PayloadTooLarge,
    Problem,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.documents.problems import (
    BundleFrozen,
    ConsentMissing,
    ConsentTextChanged,
    DocumentCountReached,
    DocumentKindUnknown,
    FileAnimated,
    FileCarriesMore,
    FileDamaged,
    FileEmpty,
    FileInfected,
    FileTooLarge,
    FileTooManyPixels,
    FileTypeRefused,
    FileUnreadable,
    InspectionsBusy,
    KindNotYours,
    PdfActive,
    PdfEncrypted,
    PdfTooComplex,
    PdfTooManyPages,
    PhotoRejected,
    ReplacedNotInForce,
    ScannerUnavailable,
    UploadsBusy,
)

Problems = tuple[type[Problem], ...]

SIGNED_IN: Problems = (TokenMissing, Unauthenticated, TokenExpired, Unavailable)
MULTIPART: Problems = (UploadsBusy, MalformedMultipart, PayloadTooLarge, UnsupportedMediaType)
MAY_ADD: Problems = (
    KindNotYours,
    NotFound,
    BundleFrozen,
    Unprocessable,
    DocumentKindUnknown,
    ConsentMissing,
    ConsentTextChanged,
    FileTooLarge,
)
TAKEN_IN: Problems = (
    InspectionsBusy,
    ScannerUnavailable,
    DocumentCountReached,
    ReplacedNotInForce,
    PhotoRejected,
    FileEmpty,
    FileTypeRefused,
    FileTooManyPixels,
    FileDamaged,
    FileUnreadable,
    FileCarriesMore,
    FileAnimated,
    FileInfected,
    PdfEncrypted,
    PdfActive,
    PdfTooManyPages,
    PdfTooComplex,
)
