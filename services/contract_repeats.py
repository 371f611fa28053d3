"""Every POST that takes no Idempotency-Key, and why the same request may be sent again after a lost answer.

`safe`: nothing is changed. `idempotent`: the second leaves things as the first did. `guarded`: done once, the second is
refused because the state has moved on; read, then go on. `renewed`: each makes a new one, and the lost one harms nobody.
"""

SAFE, IDEMPOTENT, GUARDED, RENEWED = "safe", "idempotent", "guarded", "renewed"

REPEATS: dict[str, tuple[str, str]] = {
    # signing in
    "create_session": (RENEWED, "另开一次登录 Another session; the one that nobody holds ends by itself"),
    "create_wechat_session": (RENEWED, "再取wx.login的code重新登录 Sign in again with a new code of wx.login"),
    "create_passkey_session": (RENEWED, "重新取参数再登录 Ask for options again, then sign in"),
    "create_passkey_sign_in_options": (RENEWED, "另一次尝试 Another try; options end after five minutes"),
    "create_sms_code": (RENEWED, "一分钟后可再取 Ask again after a minute; the newest code counts"),
    "create_sms_session": (RENEWED, "验证码已用则再取一个 Where the code is spent, ask for another"),
    "create_service_token": (RENEWED, "另发一个令牌 Another token"),
    "create_oauth_token": (RENEWED, "另发一个令牌 Another token"),
    "redeem_invitation": (
        GUARDED,
        "邀请码已用则用所设密码登录 Where the code is used, sign in with the password chosen",
    ),
    "choose_acting": (IDEMPOTENT, "仍以该岗位办理 The same role once more, with a new token"),
    # one's own account
    "create_second_factor": (RENEWED, "未确认前可重新生成 A new secret in place of the one not confirmed"),
    "remove_second_factor": (GUARDED, "已解除则无可解除 Nothing is left to remove"),
    "create_passkey_options": (RENEWED, "另一次尝试 Another try; options end after five minutes"),
    "create_passkey": (GUARDED, "挑战只能用一次，请查看列表 A challenge counts once; the list shows what was made"),
    "remove_passkey": (GUARDED, "已删除则找不到 Once removed it is not found"),
    "confirm_own_email_address": (IDEMPOTENT, "已确认的仍为已确认 A confirmed address stays confirmed"),
    "give_consent": (IDEMPOTENT, "同意两次等于一次 Twice is once"),
    "withdraw_consent": (GUARDED, "已撤回则无可撤回 Nothing is left to withdraw"),
    "enter_paper_consent": (IDEMPOTENT, "登记两次等于一次 Twice is once"),
    "enter_paper_withdrawal": (GUARDED, "已撤回则无可撤回 Nothing is left to withdraw"),
    "note_file_consent": (IDEMPOTENT, "同意两次等于一次 Twice is once"),
    # people
    "search_persons": (SAFE, "只查询 Searches"),
    "reset_person_password": (RENEWED, "新密码取代前一个 Another password in place of the one before"),
    "create_invitation_code": (RENEWED, "新邀请码取代前一个 Another code in place of the one before"),
    "create_admission_request": (
        GUARDED,
        "code只能用一次，换一个再申请仍是一件 With another code it is one request",
    ),
    "decide_admission_request": (GUARDED, "已决定的不再决定 Decided once"),
    "hand_role_over": (GUARDED, "已移交则本人不再担任 The role is no longer one's own"),
    "merge_organisation": (GUARDED, "已并入的不再并入 A body goes into another once"),
    "decide_rights_request": (GUARDED, "已答复的不再答复 Answered once"),
    "send_message": (IDEMPOTENT, "同一message_id每人只发一次 One message_id reaches each person once"),
    # files
    "check_photo": (SAFE, "只检查，不保存 Checks, keeps nothing"),
    "fix_photo": (SAFE, "只给出建议，不保存 Proposes, keeps nothing"),
    "check_card": (SAFE, "只检查，不保存 Checks, keeps nothing"),
    "compare_card_copies": (SAFE, "只比对 Compares"),
    "create_upload_grant": (RENEWED, "另发一个凭证 Another grant; an unused one ends by itself"),
    "create_granted_document": (IDEMPOTENT, "同一文件只存一份 The same file is the same document"),
    "create_upload_chunk": (IDEMPOTENT, "同一分片可重发 The same chunk once more"),
    "complete_upload": (IDEMPOTENT, "答复同一份材料 Answers the same document"),
    "create_document_link": (RENEWED, "另一个十分钟链接 Another link of ten minutes"),
    # cases
    "import_nominations_from_workbook": (
        IDEMPOTENT,
        "已有的不重复建立 A nominee whom the unit has is not made twice",
    ),
    "prepare_report_package": (IDEMPOTENT, "答复同一个材料包 Answers the same package while nothing has changed"),
    "prepare_list_package": (IDEMPOTENT, "答复同一个材料包 Answers the same package while nothing has changed"),
    "prepare_case_file": (IDEMPOTENT, "答复同一个材料包 Answers the same package while nothing has changed"),
    "search_nominations": (SAFE, "只查询 Searches"),
    "check_nomination": (SAFE, "只检查 The dry run"),
    "count_text": (SAFE, "只计数 Counts"),
    "reveal_nominee_identity": (RENEWED, "每次查看都留痕 Each view is recorded as one"),
    "create_hand_over_code": (RENEWED, "新接手码取代前一个 Another code in place of the one before"),
    "note_sealed_scan": (
        IDEMPOTENT,
        "同一文件同一表格即同一扫描件 The same document for the same form is the same scan",
    ),
    "note_sealed_scan_of_list": (
        IDEMPOTENT,
        "同一文件同一表格即同一扫描件 The same document for the same form is the same scan",
    ),
    "note_sealed_scan_of_report": (
        IDEMPOTENT,
        "同一文件同一表格即同一扫描件 The same document for the same form is the same scan",
    ),
    # opinions by link
    "ask_authority": (GUARDED, "已征求则用催办取得新链接 Asked once; a reminder gives a new link"),
    "remind_authority": (RENEWED, "新链接取代前一个 Another link in place of the one before"),
    "send_sheet_code": (RENEWED, "新验证码取代前一个 Another code in place of the one before"),
    "open_opinion_sheet": (RENEWED, "验证码已用则再取一个 Where the code is spent, ask for another"),
    # offices
    "second_reopening": (IDEMPOTENT, "复核两次等于一次 Twice is once"),
    "second_lifting": (IDEMPOTENT, "复核两次等于一次 Twice is once"),
    "second_postponement": (IDEMPOTENT, "复核两次等于一次 Twice is once"),
    "second_rank_approval": (GUARDED, "已复核则无须再复核 Seconded once"),
    "create_contact_form_mailing": (IDEMPOTENT, "请求两次只发一次 Asked twice, it goes once"),
    "create_objection_upload_grant": (RENEWED, "另发一个凭证 Another grant; an unused one ends by itself"),
    "look_objection_up": (SAFE, "只查询 Looks up"),
    "take_objection_up": (IDEMPOTENT, "仍由本人承办 It stays in the same hand"),
    "create_misconduct_case": (GUARDED, "同一人只有一件未办结 One open case for a person"),
    "conclude_misconduct": (GUARDED, "已办结的不再办结 Concluded once"),
    "redeliver_webhook": (IDEMPOTENT, "编号不变，接收方按编号去重 The same message under the same id"),
}
"""By operation: how, and a sentence in both languages."""
