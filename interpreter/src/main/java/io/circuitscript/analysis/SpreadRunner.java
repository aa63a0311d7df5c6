package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.Workers;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pairs;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Folds over batches on other processes. Batches are cut as they would be here, each gives one partial result, and these are merged in the same tree: the
 * number of workers changes nothing. Where there are fewer batches than places, the steps of a batch are shared out, if its fold has steps.
 */
final class SpreadRunner {
    /** What a batch may take where the script does not say: no machine's own, since the machines may differ. */
    static final long MEMORY = 1_000_000_000L;

    /** Jobs under way at once, so that one's last tasks and the next one's first run beside each other. */
    private static final int JOBS = 3;

    /** How many tasks the steps of a batch are made into for each place. */
    private static final int TASKS_A_PLACE = 4;

    private static final long WAIT_MILLIS = 50;

    private final Batches batches;
    private final BatchStore store;

    /** What part of the usual number of examples at once the workers have had memory for. */
    private double share = 1;

    SpreadRunner(Transformer model, Pairs pairs, BatchStore store) {
        this.batches = new Batches(model, pairs);
        this.store = store;
    }

    /** How much memory a batch may take on a worker. */
    static long budget(RunOptions given) {
        return given.memory() > 0 ? given.memory() : MEMORY;
    }

    <P> P run(Fold<P> fold, Workers workers, RunOptions given) {
        RunOptions options = given.withMemory(budget(given));
        List<Batches.Cut> cuts = batches.cuts(fold, share, options);
        for (Batches.Cut cut : cuts) LocalRunner.say(store, batches.tooLong(fold, cut.window(), options), options);
        int examples = cuts.stream().mapToInt(it -> it.examples().size()).sum();
        var piece = options.checkpoints().begin(() -> LocalRunner.identity(batches, fold, options));
        FoldCheckpoint<P> checkpoint = new FoldCheckpoint<>(fold, piece, examples);
        checkpoint.goOnWith(cuts.stream().map(it -> it.examples().size()).toList());
        options.progress().begin(fold.what(), examples * fold.units(), fold.unit());
        try (Work<P> work = new Work<>(fold, cuts, checkpoint, workers, options)) {
            work.run();
        } finally {
            options.progress().end();
        }
        return checkpoint.result();
    }

    /** A job that was sent. @param to where its steps of a batch end; 0 where it is of whole batches */
    private record Sent(Workers.Pending pending, long units, AtomicLong told, int to) {}

    /** One fold. */
    private final class Work<P> implements AutoCloseable {
        private final Fold<P> fold;
        private final List<Batches.Cut> cuts;
        private final FoldCheckpoint<P> checkpoint;
        private final Workers workers;
        private final RunOptions options;
        private final List<List<PastChange>> pasts = new ArrayList<>();
        private final Map<String, byte[]> shared = new HashMap<>();
        private final byte[] setting;
        private final boolean large;
        private final Deque<Sent> sent = new ArrayDeque<>();

        Work(Fold<P> fold, List<Batches.Cut> cuts, FoldCheckpoint<P> checkpoint, Workers workers, RunOptions options) {
            this.fold = fold;
            this.cuts = cuts;
            this.checkpoint = checkpoint;
            this.workers = workers;
            this.options = options;
            var all = new WorkMessages.Setting(
                    UUID.randomUUID().toString(),
                    fold,
                    batches.model(),
                    batches.pairs(),
                    options.batch(),
                    options.memory());
            setting = WorkStream.write(all, store.sent(), shared);
            large = fold.large();
        }

        void run() {
            List<Integer> todo = new ArrayList<>();
            for (int batch = 0; batch < cuts.size(); batch++) {
                Batches.Cut cut = cuts.get(batch);
                List<Continuations> then =
                        cut.examples().stream().map(fold::continuations).toList();
                pasts.add(store.past(
                        cut.examples(),
                        then,
                        cut.window().start(),
                        cut.window().savesMemory(),
                        batches.keptBytes(then, cut.window()),
                        batches.mostKept(options)));
                FoldCheckpoint.Cut done = checkpoint.done(batch);
                if (done == null) todo.add(batch);
                else leave(batch, done);
            }
            if (todo.isEmpty()) return; // no cluster is started for what is known
            awaitPlaces();
            if (todo.size() < 2 * workers.places() && todo.stream().anyMatch(it -> stepsOf(it) > 1))
                todo.forEach(this::steps);
            else wholes(todo);
            while (!sent.isEmpty()) takeFirst();
        }

        private void awaitPlaces() {
            try {
                boolean waits = false;
                while (!workers.await(WAIT_MILLIS)) {
                    options.cancel().check();
                    if (!waits) options.progress().note("waiting for workers");
                    waits = true;
                }
                int places = workers.places();
                if (waits) options.progress().note(places == 1 ? "on 1 worker" : "on " + places + " workers");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            }
        }

        /** Leaves a batch that an earlier run has done. */
        private void leave(int batch, FoldCheckpoint.Cut done) {
            note(batch, done.changes());
            options.progress().advance(done.examples() * fold.units());
        }

        private void note(int batch, List<Batch.Change> changes) {
            for (Batch.Change change : changes) pasts.get(batch).add(new PastChange(change, fold.ablation()));
        }

        // ---- whole batches

        /** A job is of a whole subtree of at least as many batches as there are places, so that what comes back is one result. */
        private void wholes(List<Integer> todo) {
            int size = Integer.highestOneBit(Math.max(1, 2 * workers.places() - 1));
            List<Workers.Task> tasks = new ArrayList<>();
            long units = 0;
            for (int i = 0; i < todo.size(); i++) {
                int batch = todo.get(i);
                tasks.add(task(batch, 0, 0, batch));
                units += cuts.get(batch).examples().size() * fold.units();
                boolean ends = i + 1 == todo.size() || todo.get(i + 1) != batch + 1 || (batch + 1) % size == 0;
                if (!ends) continue;
                submit(tasks, units, 0);
                tasks = new ArrayList<>();
                units = 0;
            }
        }

        // ---- steps of a batch

        private int stepsOf(int batch) {
            Batches.Cut cut = cuts.get(batch);
            int rows = 0;
            int points = 0;
            for (int example : cut.examples()) {
                Continuations then = fold.continuations(example);
                rows += then.sequences().size();
                points += then.points().size();
            }
            return fold.steps(new Fold.Shape(rows, cut.window().width(), points));
        }

        private void steps(int batch) {
            FoldCheckpoint.Begun<P> begun = checkpoint.begun();
            int examples = cuts.get(batch).examples().size();
            int steps = stepsOf(batch);
            long perStep = examples * fold.units() / steps;
            int from = begun != null && begun.batch() == batch ? begun.steps() : 0;
            options.progress().advance(from * perStep);
            int places = workers.places();
            int each = Math.max(1, Math.ceilDiv(steps - from, TASKS_A_PLACE * places));
            List<Workers.Task> tasks = new ArrayList<>();
            int first = from;
            while (from < steps) {
                int to = Math.min(steps, from + each);
                tasks.add(task(batch, from, to, tasks.size()));
                from = to;
                if (tasks.size() < places && from < steps) continue;
                submit(tasks, (from - first) * perStep, from);
                tasks = new ArrayList<>();
                first = from;
            }
        }

        private Workers.Task task(int batch, int from, int to, int home) {
            Batches.Cut cut = cuts.get(batch);
            List<Continuations> then =
                    cut.examples().stream().map(fold::continuations).toList();
            var task = new WorkMessages.Task(
                    batch,
                    cut.examples().stream().mapToInt(it -> it).toArray(),
                    cut.window().start(),
                    cut.window().savesMemory(),
                    List.copyOf(pasts.get(batch)),
                    batches.keptBytes(then, cut.window()),
                    from,
                    to);
            return new Workers.Task(WorkStream.write(task, store.sent(), shared), home);
        }

        // ---- jobs

        private void submit(List<Workers.Task> tasks, long units, int to) {
            while (sent.size() >= JOBS) takeFirst();
            AtomicLong told = new AtomicLong();
            var job = new Workers.Job(fold.what(), setting, shared, tasks, large, told::addAndGet);
            sent.add(new Sent(workers.submit(job), units, told, to));
        }

        /** In the order in which they were sent, so that of several mistakes the first is told. */
        private void takeFirst() {
            Sent first = sent.getFirst();
            long shown = 0;
            try {
                while (!first.pending.await(WAIT_MILLIS)) {
                    options.cancel().check();
                    long now = Math.min(first.told.get(), first.units);
                    options.progress().advance(now - shown);
                    shown = Math.max(shown, now);
                }
                take(first);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            }
            sent.removeFirst();
            options.progress().advance(first.units - shown);
        }

        private void take(Sent job) {
            try {
                for (byte[] bytes : job.pending.result()) {
                    WorkMessages.Result result = FoldWorker.result(bytes);
                    result.notes().forEach(options.notes());
                    if (result.failure() != null) throw result.failure();
                    if (job.to > 0) takeSteps(result);
                    else takeWholes(result);
                }
            } catch (IOException e) {
                throw failed("a worker sent what cannot be read: " + e.getMessage());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof UserError mistake) throw mistake;
                throw failed(String.valueOf(e.getCause().getMessage()));
            }
        }

        private static UserError failed(String why) {
            return UserError.failure(
                    ErrorCode.CLUSTER_FAILED,
                    "the work on the cluster failed: " + why,
                    "see the logs of its executors");
        }

        private void takeWholes(WorkMessages.Result result) throws IOException {
            List<FoldCheckpoint.Cut> done = new ArrayList<>();
            for (WorkMessages.Done batch : result.batches()) {
                done.add(new FoldCheckpoint.Cut(batch.examples(), batch.changes()));
                note(batch.batch(), batch.changes());
                shorten(batch);
            }
            List<MergeTree.Node<P>> nodes = new ArrayList<>();
            for (WorkMessages.Part part : result.parts())
                nodes.add(new MergeTree.Node<>(
                        part.level(), part.index(), WorkStream.value(fold, part.value(), part.examples())));
            checkpoint.add(done, nodes, result.batches().getFirst().batch());
        }

        private void takeSteps(WorkMessages.Result result) throws IOException {
            WorkMessages.Part part = result.parts().getFirst();
            int batch = part.index();
            FoldCheckpoint.Begun<P> begun = checkpoint.begun();
            boolean more = begun != null && begun.batch() == batch;
            P value = WorkStream.value(fold, part.value(), part.examples());
            P given = more ? fold.join(begun.given(), value) : value;
            WorkMessages.Done first = result.batches().getFirst();
            FoldCheckpoint.Cut cut = more ? begun.cut() : new FoldCheckpoint.Cut(first.examples(), first.changes());
            result.batches().forEach(this::shorten);
            if (part.to() < stepsOf(batch)) {
                checkpoint.setBegun(new FoldCheckpoint.Begun<>(batch, cut, part.to(), given));
                return;
            }
            note(batch, cut.changes());
            checkpoint.add(List.of(cut), List.of(new MergeTree.Node<>(0, batch, fold.joined(given))), batch);
        }

        /** What follows is cut into batches that the workers have memory for. */
        private void shorten(WorkMessages.Done batch) {
            if (batch.most() == batch.examples()) return;
            Batches.Cut cut = cuts.get(batch.batch());
            List<Integer> fit = cut.examples().subList(0, batch.most());
            share = Math.min(share, batches.share(fold, fit, cut.window(), options));
        }

        /** Stops what is still under way. */
        @Override
        public void close() {
            sent.forEach(it -> it.pending.cancel());
        }
    }
}
