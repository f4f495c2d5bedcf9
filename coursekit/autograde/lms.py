"""Collect what students handed in through Canvas or Moodle.

A student's notebook goes to ``submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb``, with the
collector's receipt. What else is in a download stays there, and is named. Notebooks
whose sender is not known are kept in ``quarantine/~unknown/``, which no student can be
called.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from coursekit.autograde.course import open_course
from coursekit.autograde.door import (
    Arriving,
    Receipt,
    has_files,
    is_sound,
    now,
    read_receipt,
    shown,
    stamp,
)
from coursekit.autograde.lms_names import read_name
from coursekit.autograde.lms_sent import (
    Outcome,
    Sent,
    choose,
    digest,
    file_names,
    nothing,
    said,
    size,
    unrecognised,
)
from coursekit.autograde.lms_zip import ZipLimits, opened
from coursekit.autograde.quarantine import kept_as, move
from coursekit.autograde.roster import from_gradebook
from coursekit.errors import BadData, SubmissionFailed

UNKNOWN = "~unknown"
LATE = "Canvas marks it late, not by how much: it counts as received when collected."
CHANGED = "It changed after it was collected on {}, after the due date: it is late."
IN_TIME = {
    "Canvas": "Collected after the due date. What Canvas does not mark LATE counts as "
    "received at the due date.",
    "Moodle": "Collected after the due date. A download from Moodle does not say when "
    "something was handed in, so it counts as received at the due date.",
}


def collect(course, source, assignment, *, roster=None, limits=None):
    """Collect an assignment's submissions from a download.

    Parameters
    ----------
    course : path or Course
    source : path
        The zip that Canvas or Moodle gave, or a folder with the same files.
    assignment : str
    roster : Roster, optional
        Who is who; by default the gradebook, and the system's own ids for all others.
    limits : ZipLimits, optional

    Returns
    -------
    tuple of (list of Outcome, list of str)
        One outcome for each who sent something, and remarks on all.

    Raises
    ------
    BadData
        If the download as a whole cannot be read.
    BadCourse
        If there is no such assignment, or it is being graded.
    """
    course, limits = open_course(course), limits or ZipLimits()
    course.released(assignment)
    roster = from_gradebook(course) if roster is None else roster
    with course.locked(assignment, "collected"), opened(source, limits) as members:
        collecting = Collecting(course, assignment, roster, limits)
        return collecting.all(members), sorted(collecting.remarks)


def due_date(course, assignment):
    """Return when an assignment is due, in UTC, or None."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        try:
            return gradebook.find_assignment(assignment).duedate
        except MissingEntry:
            return None


class Collecting:
    """One download on its way into ``submitted/``."""

    def __init__(self, course, assignment, roster, limits):
        self.course, self.assignment = course, assignment
        self.roster, self.limits = roster, limits
        self.moment, self.due = now(), due_date(course, assignment)
        self.left = limits.total_mb * 1e6  # bytes that may still be unpacked
        self.remarks = set()

    def all(self, members):
        """Collect from each sender, those with the least first: return the outcomes."""
        senders, outcomes = defaultdict(list), []
        for member in members:
            says = read_name(member.path)
            if says is None:
                outcomes.append(unrecognised(member))
            else:
                senders[says.sender].append(Sent(member, says))
        if not senders:
            raise BadData(
                "No file there is named as Canvas (name_USER_FILE_original) or Moodle "
                "(Name_NUMBER_assignsubmission_file_) name them. Give the zip as it "
                "was downloaded, or a folder with what is in it."
            )
        found = self.who(senders)
        for sender in sorted(senders, key=lambda each: size(senders[each])):
            outcomes.append(self.one(sender, senders[sender], *found[sender]))
        return sorted(outcomes, key=lambda each: (each.who, each.what))

    def who(self, senders):
        """Return sender -> (student, problem); two senders are never one student."""
        found = {sender: self.roster.find(sender) for sender in senders}
        times = Counter(student for student, _ in found.values())
        for sender, (student, problem) in found.items():
            if problem:
                continue
            if times[student] > 1:
                found[sender] = None, f"More than one sender would be {shown(student)}."
            elif not is_sound(student):
                found[sender] = None, f"{shown(student)} cannot be a student's id."
        return found

    def one(self, sender, files, student, problem):
        """Collect from one sender, and return what happened."""
        chosen, others = choose(self.assignment, files)
        if problem:
            return self.unknown(sender, chosen, problem)
        earlier = read_receipt(self.course, self.assignment, student)
        there = has_files(self.course.submission(self.assignment, student))
        receipt = self.receipt(student, sender, chosen or files, earlier)
        if there and earlier and is_older(receipt, earlier):
            return Outcome(student, "older", ("What is there is newer: it stays.",))
        notes = receipt.notes + said(self.assignment, chosen, others)
        receipt = replace(receipt, notes=notes)
        with Arriving(self.course, self.assignment, student) as arriving:
            try:
                contents = self.contents(chosen, files)
            except SubmissionFailed as failure:
                return refused(arriving, receipt, failure, there)
            receipt = replace(receipt, digest=digest(contents))
            if there and earlier and earlier.digest == receipt.digest:
                return Outcome(student, "unchanged", tuple(earlier.notes))
            for name, content in contents.items():
                (arriving.folder / name).write_bytes(content)
            arriving.put(receipt)
        return Outcome(student, "replaced" if there else "collected", notes)

    def receipt(self, student, sender, files, earlier):
        """Return the receipt of what one sender sent."""
        late = self.lateness(sender, files, earlier)
        is_past = self.due is not None and self.moment > self.due
        if is_past and not late:
            self.remarks.add(IN_TIME[sender.lms])
        return Receipt(
            assignment=self.assignment,
            student=student,
            received=stamp(self.due if is_past and not late else self.moment),
            source=sender.lms,
            collected=stamp(self.moment),
            came_as=tuple(shown(sent.file.path) for sent in files),
            claimed=("LATE",) if late == LATE else (),
            owner=shown(str(sender)),
            notes=(late,) if late else (),
            order=max(sent.order for sent in files),
        )

    def lateness(self, sender, files, earlier):
        """Return how it is known that a submission is late, or ""."""
        if any(sent.says.is_late for sent in files):
            return LATE
        if sender.lms == "Canvas" or earlier is None or self.due is None:
            return ""
        was_taken = earlier.source == "Moodle" and earlier.digest
        was_late = was_taken and earlier.collected > stamp(self.due)
        return CHANGED.format(earlier.collected[:16]) if was_late else ""

    def contents(self, chosen, files):
        """Return name -> bytes of the chosen notebooks.

        Raises
        ------
        SubmissionFailed
            If one of them cannot be taken, or there is none.
        """
        if not chosen:
            raise SubmissionFailed("missing-notebook", nothing(self.assignment, files))
        if size(chosen) > self.limits.student_mb * 1e6:
            most = f"at most {self.limits.student_mb:g} MB of one student are read"
            raise SubmissionFailed("too-large", f"The notebooks are too large: {most}.")
        names = file_names(self.assignment, chosen)
        return {name: self.read(sent) for name, sent in zip(names, chosen, strict=True)}

    def read(self, sent):
        """Return the bytes of a file, up to what is left for all."""
        try:
            if sent.file.size > self.left:
                most = f"more than {self.limits.total_mb:g} MB"
                reason = f"The whole download would grow to {most} when unpacked."
                raise SubmissionFailed("too-large", reason)
            content = sent.file.read()
        except SubmissionFailed as failure:
            reason = f"{sent.name} was not taken. {failure.reason}"
            raise SubmissionFailed(failure.status, reason) from None
        self.left -= len(content)
        return content

    def unknown(self, sender, chosen, problem):
        """Keep the notebooks of a sender who is not known, and say where."""
        words = [problem]
        for sent in chosen:
            try:
                kept = self.keep(sent)
                words.append(f"Kept as {kept.relative_to(self.course.folder)}.")
            except SubmissionFailed as failure:
                words.append(failure.reason)
        return Outcome(shown(str(sender)), "unknown", tuple(words))

    def keep(self, sent):
        """Keep a notebook in quarantine; the same one is kept once."""
        content = self.read(sent)
        away = self.course.private("quarantine") / UNKNOWN
        path = away / kept_as(self.assignment, Path(sent.file.path))
        if path.is_file() and path.read_bytes() == content:
            return path
        if path.exists():
            move(path, path.with_name(f"{path.name}.older"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


def is_older(receipt, earlier):
    """Return True if what is there came later, by the same system's reckoning."""
    return receipt.source == earlier.source and receipt.order < earlier.order


def refused(arriving, receipt, failure, there):
    """Leave a trace of a refused submission, and return what happened."""
    arriving.refuse(replace(receipt, status=failure.status, reason=failure.reason))
    stays = ("The earlier one stays.",) if there else ()
    return Outcome(receipt.student, "refused", (failure.reason, *stays))
