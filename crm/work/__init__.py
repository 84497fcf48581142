"""Long work: a job is a row of ours, done by a worker in short steps, and never lost with it.

A kind of work is a function of a job, told in an app's `jobs.py`. It fetches what it needs by id
and calls one operation with `progress`:

    # interactions/jobs.py
    from crm import work

    @work.kind("merge.pack", label=_("Print pack"))
    def pack(job: Job, progress: work.Progress) -> dict[str, Any]:
        logged = LoggedSegment.objects.get(pk=job.arguments["logged"])
        with work.new_file(job, f"{logged.segment_number}.zip") as out:
            return {"letters": letters.write_zip(logged, out, progress=progress)}

What it returns is the job's `result` (JSON). Somebody starts it, and is led to its page:

    job = work.start("merge.pack", user=request.user, logged=logged.pk)
    return redirect(job)

`progress(done, total, position)` is called with each chunk, *inside the transaction that did it*:

    def write_rows(rows, *, after=0, progress=work.nobody):  # the operation: short transactions
        for chunk in chunks(rows.filter(pk__gt=after)):
            with transaction.atomic():
                write(chunk)
                progress(done, total, position=chunk[-1].pk)

It renews the worker's lease and stores `position` in that same transaction. So a chunk is done
whole, and the place after it is stored, or neither: when the worker is killed another takes the
job up within seconds of the lease's end (settings.JOB_LEASE), calls the function anew, and
`job.position` tells where to go on; `job.done` how much was done. Each row is done exactly once,
on SQLite and on PostgreSQL.

- `progress` raises (an Interruption, which is no Exception) when the lease was lost, the user
  cancelled or the worker is asked to stop. Let it pass: it takes the open chunk back. Called
  outside of a transaction it writes at most twice a second; use that where a chunk cannot be
  taken back, as with mail.
- Between two calls anything may take its time: the worker renews the lease beside it. But not in
  a transaction: others must not wait for it. On SQLite keep chunks below half a second.
- Raise `work.Refused(sentence)` when it cannot be done: the user reads the sentence. Any other
  exception makes the job fail, too, and goes to the log with its traceback.
- Raise `work.Later(seconds)` to be called again after a while, from the stored position.
- `work.start(..., files={"contacts.csv": upload})` gives the job files:
  `job.files.get(is_result=False)`. `work.new_file(job, name)` is a file it makes; it is stored
  when the block ends, so work that makes a file starts over when it is interrupted, instead of
  going on.
- `kind(..., about=, outcome=, link=)`: functions of the job that say what it is about, what came
  of it, and the address to go on to; each when the page is shown, in the reader's language.
  `link_label=` are the words of that address.
  `private=True`: only who started it gets its files.

`django.tasks` only starts the work (`run_job`): what guarantees it is the lease. A worker without
any task finds waiting jobs, and those with an expired lease, by itself (`run_next`). A job that
five times in a row was taken up and did not get on is given up as failed.
"""

from crm.work.figures import Figures, figures, workers_alive
from crm.work.files import delete_all, new_file, tidy
from crm.work.kinds import Kind, about, gives_files, kind, kind_of, kinds, label_of
from crm.work.lease import Interruption, Later, Progress, Refused, nobody, stopping
from crm.work.queue import NotNow, cancel, retry, start
from crm.work.running import run_job, run_next

__all__ = [
    "Figures",
    "Interruption",
    "Kind",
    "Later",
    "NotNow",
    "Progress",
    "Refused",
    "about",
    "cancel",
    "delete_all",
    "figures",
    "gives_files",
    "kind",
    "kind_of",
    "kinds",
    "label_of",
    "new_file",
    "nobody",
    "retry",
    "run_job",
    "run_next",
    "start",
    "stopping",
    "tidy",
    "workers_alive",
]
