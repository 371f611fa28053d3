"""What documents refuses, drawn once. A refused file is 422, with one code per cause."""

from collections.abc import Sequence
from typing import Any, ClassVar

from services.common.problems import Conflict, FieldError, Forbidden, Problem, Unavailable, Unprocessable
from services.common.text import Bilingual


class FieldRefused(Unprocessable):
    """One field is wrong: the title says what and the pointer where, unless `errors` say it better."""

    pointer: ClassVar[str] = ""

    def __init__(self, detail: Bilingual | None = None, *, errors: Sequence[FieldError] = (), **more: Any) -> None:
        message = detail or self.title
        own = FieldError(self.pointer, self.code, message.zh, message.en)
        super().__init__(detail, errors=errors or [own], **more)


class DocumentKindUnknown(FieldRefused):
    code, pointer = "document_kind_unknown", "/kind"
    title = Bilingual("本次评选没有这种材料", "This campaign has no such kind of document")


class PhotoProfileUnknown(FieldRefused):
    code, pointer = "photo_profile_unknown", "/profile"
    title = Bilingual("没有这种照片规格", "There is no such photo profile")


class CampaignUnknown(FieldRefused):
    code, pointer = "campaign_unknown", "/campaign_key"
    title = Bilingual("没有这个评选活动", "There is no such campaign")


class FileRefused(FieldRefused):
    code, pointer = "file_refused", "/file"
    title = Bilingual("文件不符合要求", "The file is not acceptable")


class FileEmpty(FileRefused):
    code = "file_empty"
    title = Bilingual("文件是空的，请重新选择", "The file is empty")


class FileTooLarge(FileRefused):
    code = "file_too_large"
    title = Bilingual("文件太大", "The file is too large")


class FileTypeRefused(FileRefused):
    code = "file_type_refused"
    title = Bilingual(
        "不接收这种格式的文件，只改扩展名无效", "Files of this format are not accepted, whatever the name says"
    )


class FileDamaged(FileRefused):
    code = "file_damaged"
    title = Bilingual("文件不完整或已损坏，请重新导出或拍摄后上传", "The file is damaged or cut off")


class FileTooManyPixels(FileRefused):
    code = "file_too_many_pixels"
    title = Bilingual("图片像素过多，请缩小后上传", "The picture has too many pixels")


class PhotoRejected(Unprocessable):
    """The whole check stands under `check`, as `photo-checks` answers it."""

    code = "photo_rejected"
    title = Bilingual("照片不符合要求", "The photo does not meet the requirements")


class PhotoNotFixable(Unprocessable):
    """The check under `check` says what no fix could cure: a background, if it may be replaced, or a new photo."""

    code = "photo_not_fixable"
    title = Bilingual("这张照片无法自动处理，请按提示重拍或换一张", "Nothing acceptable can be made of this photo")


class KindNotYours(Forbidden):
    code = "document_kind_not_yours"
    title = Bilingual("这种材料不由您上传", "This kind of document is not yours to upload")


class DocumentCountReached(Conflict):
    code = "document_count_reached"
    title = Bilingual("这种材料的份数已满", "No more documents of this kind fit into the bundle")


class RangeNotSatisfiable(Problem):
    status, code = 416, "range_not_satisfiable"
    title = Bilingual("请求的范围超出文件大小", "The requested range lies outside the file")


class StoredObjectDamaged(Problem):
    """The bytes that the store gives back are not those that were stored."""

    status, code = 500, "stored_object_damaged"
    title = Bilingual("存储的文件已损坏，请联系管理员", "The stored file is damaged; tell the operator")


class InspectionsBusy(Unavailable):
    code = "inspections_busy"
    title = Bilingual("正在检查的文件太多，请稍后再传", "Too many files are being checked; try again shortly")
