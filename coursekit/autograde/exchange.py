"""nbgrader's ``collect``, as the exchange's students cannot bend it.

Stock nbgrader follows links as the instructor, stops for everybody at one folder that
is too large, and takes name and ``timestamp.txt`` for true. This collector copies
regular files only, gives each submission a line, and takes as the time of receipt the
last change of anything in the folder, as the exchange's file system recorded it
(``ctime``: nobody but the system's administrator can set it).
"""

import os
import pwd

from nbgrader.exchange.default import ExchangeCollect
from traitlets import Integer

from coursekit.autograde.copying import FolderLimits, Walk
from coursekit.autograde.course import course_of
from coursekit.autograde.door import (
    Arriving,
    Receipt,
    has_files,
    is_sound,
    now,
    received_before,
    shown,
    stamp,
)
from coursekit.errors import CoursekitError, SubmissionFailed

NOT_OWNED = (
    "It is owned by {owner}, not by {student}. If the exchange does not keep owners, "
    "as on some hubs, set c.ExchangeCollect.check_owner = False."
)


class CollectPlainFiles(ExchangeCollect):
    """Collects from the exchange; see ``c.ExchangeFactory.collect``.

    What nbgrader's own class can be told (``update``, ``before_duedate``,
    ``check_owner``, ``CourseDirectory.max_dir_size`` and ``max_file_size`` in kB,
    ``ignore``, ``include``) holds here too, under its name ``ExchangeCollect``.
    """

    max_files = Integer(
        FolderLimits.files, help="Most files and folders of one submission."
    ).tag(config=True)
    max_depth = Integer(
        FolderLimits.depth, help="How deep folders may lie in one another."
    ).tag(config=True)

    def init_src(self):
        """Find the submissions, and choose one of each student."""
        try:
            self.course = course_of(self.coursedir)
            self.course.private("quarantine")
        except CoursekitError as error:
            self.fail(str(error))
        super().init_src()

    def limits(self):
        """Return how much of a folder is copied."""
        return FolderLimits(
            total_mb=self.coursedir.max_dir_size / 1000,
            file_mb=self.coursedir.max_file_size / 1000,
            files=self.max_files,
            depth=self.max_depth,
            ignore=tuple(self.coursedir.ignore),
            include=tuple(self.coursedir.include),
        )

    def _path_to_record(self, path):
        """Return what is known of a folder, from the file system, not from its name."""
        filename = os.path.basename(path)
        student, _, rest = filename.rpartition(f"+{self.coursedir.assignment_id}+")
        walk = Walk(self.limits())
        try:
            walk.through(path)
        except SubmissionFailed as failure:
            self.log.debug("%s: %s", shown(filename), failure)
        record = {
            "username": student,
            "filename": filename,
            "timestamp": walk.received,
            "claimed": shown(rest.split("+")[0]),
            "uid": walk.owner,
        }
        record["refused"] = self.refusal(record)
        if record["refused"]:
            self.log.error("Refused %s: %s", shown(filename), record["refused"])
        return record

    def refusal(self, record):
        """Return why a folder cannot be that of the student it names, or ""."""
        student, owner = record["username"], name_of(record["uid"])
        if not is_sound(student):
            return "Its name does not begin with the name of a student."
        if owner == student:
            return ""
        if self.check_owner:
            return NOT_OWNED.format(owner=owner, student=student)
        self.log.warning("%s is owned by %s", shown(record["filename"]), owner)
        return ""

    def _sort_by_timestamp(self, records):
        """Return the newest first, by time of receipt; the refused only if alone."""
        taken = [record for record in records if not record["refused"]]
        return super()._sort_by_timestamp(taken or records)

    def copy_files(self):
        """Collect the chosen submissions; whatever is wrong with one stays its own."""
        records = [each for each in self.src_records if not each["refused"]]
        if not records:
            self.log.warning(
                "No submissions of '%s' for course '%s' to collect",
                self.coursedir.assignment_id,
                self.coursedir.course_id,
            )
            return
        try:
            with self.course.locked(self.coursedir.assignment_id, "collected"):
                self.collect_all(sorted(records, key=lambda each: each["username"]))
        except CoursekitError as error:
            self.fail(str(error))

    def collect_all(self, records):
        """Collect one by one, with a line for each."""
        for record in records:
            who = record["username"], self.coursedir.assignment_id
            try:
                self.collect_one(record)
            except SubmissionFailed as failure:
                self.log.error("Not collected: %s %s: %s", *who, failure)
            except (OSError, CoursekitError) as error:
                self.log.error("Not collected, try again: %s %s: %s", *who, error)

    def collect_one(self, record):
        """Collect a submission, unless the one that is there is to stay."""
        student, assignment = record["username"], self.coursedir.assignment_id
        there = has_files(self.course.submission(assignment, student))
        if there and not self.is_wanted(record):
            word = (
                "No newer submission to collect: %s %s"
                if self.update
                else "Submission already exists, use --update to update: %s %s"
            )
            self.log.info(word, student, assignment)
            return
        with Arriving(self.course, assignment, student) as arriving:
            received = self.bring(record, arriving)
        word = "Updated submission" if there else "Collected submission"
        self.log.info("%s: %s %s, received %s", word, student, assignment, received)

    def is_wanted(self, record):
        """Return True if a submission takes the place of the one that is there."""
        names = self.coursedir.assignment_id, record["username"]
        before, new = received_before(self.course, *names), record["timestamp"]
        if self.update and (before is None or new > before):
            return True
        return self.before_duedate and new != before

    def bring(self, record, arriving):
        """Copy a submission in and return when it was received.

        Raises
        ------
        SubmissionFailed
            After leaving a trace of it, from which it gets a status when graded.
        """
        walk = Walk(self.limits(), arriving.folder)
        try:
            walk.through(os.path.join(self.inbound_path, record["filename"]))
            self.check(record, walk)
        except SubmissionFailed as failure:
            failed = {"status": failure.status, "reason": failure.reason}
            arriving.refuse(self.receipt(record, walk, **failed))
            raise
        receipt = self.receipt(record, walk)
        arriving.put(receipt)
        for note in receipt.notes:
            self.log.warning("%s: %s", record["username"], note)
        return receipt.received

    def check(self, record, walk):
        """Refuse a folder that was swapped, or whose notebook is no regular file.

        Raises
        ------
        SubmissionFailed
        """
        if walk.owner != record["uid"]:
            reason = "The folder was swapped while it was read."
            raise SubmissionFailed("unreadable", reason)
        notebook = f"{self.coursedir.assignment_id}.ipynb"
        if notebook in walk.left_out:
            reason = f"{notebook} is {walk.left_out[notebook]}, not a regular file."
            raise SubmissionFailed("not-a-regular-file", reason)

    def receipt(self, record, walk, **failed):
        """Return the receipt of a submission."""
        left_out = walk.left_out_words
        claimed = dict.fromkeys((record["claimed"], walk.claim))
        return Receipt(
            assignment=self.coursedir.assignment_id,
            student=record["username"],
            received=stamp(walk.received),
            source="exchange",
            collected=stamp(now()),
            came_as=(shown(record["filename"]),),
            claimed=tuple(filter(None, claimed)),
            owner=name_of(record["uid"]),
            notes=(f"Left out when collected: {left_out}.",) if left_out else (),
            **failed,
        )


def name_of(uid):
    """Return the name of a user of this system, or the number of an unknown one."""
    try:
        return pwd.getpwuid(uid).pw_name
    except (KeyError, TypeError):
        return f"the unknown user {uid}"
