"""What documents refuses, drawn once. A refused file is 422, with one code per cause."""

from collections.abc import Sequence
from typing import Any, ClassVar

from services.common.problems import (
    Conflict,
    FieldError,
    Forbidden,
    NotFound,
    Problem,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
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


class ConsentMissing(FieldRefused):
    code, pointer = "consent_missing", "/consent"
    title = Bilingual(
        "上传这类材料须先阅读并单独同意个人信息处理说明",
        "Files of this kind need a separate consent: show its text and send its hash",
    )


class ConsentTextChanged(FieldRefused):
    code, pointer = "consent_text_changed", "/consent"
    title = Bilingual(
        "同意的说明不是现行版本，请重新阅读并同意", "These are not the words in force: show them again and ask again"
    )


class DocumentHeld(Conflict):
    code = "document_held"
    title = Bilingual(
        "本人已撤回同意或者依法限制处理，这份材料只保存，不再展示",
        "Consent was withdrawn or processing is restricted: the file is kept and shown to nobody",
    )


class CampaignUnknown(FieldRefused):
    code, pointer = "campaign_unknown", "/campaign_key"
    title = Bilingual("没有这个评选活动", "There is no such campaign")


class UploadGrantInvalid(Forbidden):
    code = "upload_grant_invalid"
    title = Bilingual("上传凭证无效或已过期，请重新获取", "The upload grant is unknown or expired; ask for a new one")


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


class FileUnreadable(FileRefused):
    code = "file_unreadable"
    title = Bilingual(
        "系统无法读取这个文件，请转为JPG或PDF后重新上传", "The file cannot be read; save it as JPEG or PDF"
    )


class FileTooManyPixels(FileRefused):
    code = "file_too_many_pixels"
    title = Bilingual("图片像素过多，请缩小后上传", "The picture has too many pixels")


class FileCarriesMore(FileRefused):
    code = "file_carries_other_data"
    title = Bilingual("文件里夹带了其他数据，请重新保存后上传", "Other data hides behind or inside the file")


class FileAnimated(FileRefused):
    code = "file_animated"
    title = Bilingual("这是动图或连拍，请选择单张照片", "The file holds several pictures")


class PdfEncrypted(FileRefused):
    code = "pdf_encrypted"
    title = Bilingual("PDF设有密码或限制，请去除后上传", "The PDF is encrypted")


class PdfActive(FileRefused):
    code = "pdf_active_content"
    title = Bilingual("PDF带有脚本或附件，请打印为普通PDF后上传", "The PDF holds scripts, actions or attached files")


class PdfTooManyPages(FileRefused):
    code = "pdf_too_many_pages"
    title = Bilingual("PDF页数过多，请拆分后上传", "The PDF has too many pages")


class PdfTooComplex(FileRefused):
    code = "pdf_too_complex"
    title = Bilingual("PDF结构过于复杂，请打印为普通PDF后上传", "The PDF has too many parts")


class FileInfected(FileRefused):
    code = "file_infected"
    title = Bilingual("文件含有恶意代码，不予接收，请先杀毒", "The file is infected")


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


class BundleFrozen(Conflict):
    code = "bundle_frozen"
    title = Bilingual(
        "推荐已提交，材料已锁定；如需更换，请先退回修改",
        "The case was handed in: its papers are frozen until it is returned",
    )


class ReplacedNotInForce(FieldRefused):
    code, pointer = "replaced_document_not_in_force", "/replaces"
    title = Bilingual(
        "要替换的材料不存在或已被替换", "The document to be replaced is not in force in this bundle and kind"
    )


class UploadIncomplete(Conflict):
    code = "upload_incomplete"
    title = Bilingual("文件还没有传完，请补传缺少的部分", "Parts of the file are still missing; the upload names them")


class UploadFinished(Conflict):
    code = "upload_finished"
    title = Bilingual("这次上传已经完成", "This upload was finished before")


class ChunkDiffers(Conflict):
    code = "chunk_differs"
    title = Bilingual(
        "同一位置先后传来了不同的内容，请重新开始上传",
        "Other bytes were sent for this place before; begin anew",
    )


class UploadExpired(Problem):
    status, code = 410, "upload_expired"
    title = Bilingual("上传已过期，请重新开始", "The upload has expired; begin a new one")


class ChunkMisplaced(FieldRefused):
    code, pointer = "chunk_misplaced", "/offset"
    title = Bilingual(
        "分片的位置或长度不对，请按chunk_bytes切分",
        "Chunks begin at multiples of chunk_bytes and have that length, save the last",
    )


class ChecksumMismatch(FieldRefused):
    code, pointer = "checksum_mismatch", "/sha256"
    title = Bilingual("文件内容与校验值不一致，请重新上传", "The file does not have this SHA-256")


class DirectUploadRefused(FieldRefused):
    code, pointer = "direct_upload_refused", "/via"
    title = Bilingual(
        "这种材料不能直接传到存储，请分片上传", "This kind cannot be sent straight to the store; use chunks"
    )


class TooManyOpenUploads(TooManyRequests):
    code = "too_many_open_uploads"
    title = Bilingual("未完成的上传太多，请先完成或取消", "Too many unfinished uploads; finish or abandon some first")


class UploadsBusy(Unavailable):
    code = "uploads_busy"
    title = Bilingual("正在上传的人太多，请稍后再传", "Too many uploads at once; try again shortly")


class ThumbnailUnavailable(NotFound):
    """Of a PDF, or of a picture that was kept before pictures were tried: nobody is shown it watermarked either."""

    code = "thumbnail_unavailable"
    title = Bilingual(
        "这份文件画不出图像，请打开原文件；打不开的，请上传人重新导出后再传",
        "The file cannot be drawn; open the file itself, or have it exported and uploaded anew",
    )


class LinkExpired(Problem):
    status, code = 410, "link_expired"
    title = Bilingual("链接已失效，请返回后重新打开", "The link has expired; ask for a new one")


class StoredObjectDamaged(Problem):
    """The bytes that the store gives back are not those that were stored."""

    status, code = 500, "stored_object_damaged"
    title = Bilingual("存储的文件已损坏，请联系管理员", "The stored file is damaged; tell the operator")


class ScannerUnavailable(Unavailable):
    """Configured to look for malware and unable to: nothing is kept unseen."""

    code = "malware_scanner_unavailable"
    title = Bilingual("文件安全检查暂时不可用，请稍后再传", "Files cannot be scanned right now; try again shortly")


class InspectionsBusy(Unavailable):
    code = "inspections_busy"
    title = Bilingual("正在检查的文件太多，请稍后再传", "Too many files are being checked; try again shortly")
