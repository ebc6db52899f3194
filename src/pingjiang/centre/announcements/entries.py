"""What this app puts into the menus, and where its cases are shown."""

from __future__ import annotations

from pingjiang.centre.announcements.workflow import ANNOUNCEMENT, CONSULTATION
from pingjiang.centre.pages import menu
from pingjiang.centre.pages.places import register_page

register_page(ANNOUNCEMENT.name, "announcement")
register_page(CONSULTATION.name, "question")
menu.add(menu.Entry("announcements", ("通知公告", "Announcements"), "notices", menu.EVERYONE))
menu.add(menu.Entry("questions", ("咨询", "Questions"), "notices", menu.EVERYONE))
menu.add_public("public-notices", ("通知公告", "Announcements"), "notices")
menu.add_public("verify", ("查验编号", "Verify a code"), "verify")
