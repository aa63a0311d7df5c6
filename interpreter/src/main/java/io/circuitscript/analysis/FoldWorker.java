package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Runs tasks of folds for another process: the other end of {@link SpreadRunner}. It holds the model of the last task, and the batches of its data that fit. For
 * one thread at a time; a process may have several.
 */
public final class FoldWorker implements AutoCloseable {
    /** Of this process. */
    private static final WorkerModels MODELS = new WorkerModels();

    /** Objects made of what was sent for several jobs that are kept. */
    private static final int MOST_SHARED = 32;

    private record Key(List<Integer> examples, List<Continuations> then, int start, boolean savesMemory) {}

    /**
     * A batch that is kept.
     *
     * @param past the changes that were made in it before the job that last used it
     */
    private record Kept(Batch batch, long bytes, String job, List<PastChange> past, List<PastChange> now) {}

    private ModelOrigin origin;
    private String device;
    private Transformer model;
    private Object pairs;
    private WorkMessages.Setting setting;
    private byte[] settingBytes;
    private KeptBetweenFolds search;
    private final Map<Key, Kept> batches = new LinkedHashMap<>();
    private long bytes;

    private final Map<String, Object> shared = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
            return size() > MOST_SHARED;
        }
    };

    /** Runs a task of a job. What it gives can be merged, and be read where the job came from. A mistake is part of that. */
    public byte[] run(byte[] jobSetting, byte[] taskBytes, WorkPlace place) {
        List<String> notes = new ArrayList<>();
        try {
            open(jobSetting, place, notes);
            WorkMessages.Task task =
                    (WorkMessages.Task) WorkStream.read(taskBytes, sources(place, options(place, notes)));
            return written(run(setting.fold(), task, options(place, notes), notes));
        } catch (UserError e) {
            return written(new WorkMessages.Result(List.of(), List.of(), notes, e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a task gives that cannot be begun. */
    public static byte[] failed(UserError mistake) {
        return written(new WorkMessages.Result(List.of(), List.of(), List.of(), mistake));
    }

    /** Merges what tasks of a job gave that follow one another, neighbours first. */
    public byte[] merge(byte[] jobSetting, List<byte[]> results, WorkPlace place) {
        try {
            open(jobSetting, place, new ArrayList<>());
            List<WorkMessages.Result> given = new ArrayList<>();
            for (byte[] each : results) given.add(result(each));
            return written(merge(setting.fold(), given));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static WorkMessages.Result result(byte[] bytes) throws IOException {
        return (WorkMessages.Result) WorkStream.read(bytes, NOTHING);
    }

    private static byte[] written(WorkMessages.Result result) {
        return WorkStream.write(result, new WorkStream.Sent(), new HashMap<>());
    }

    /** A result refers to nothing beside itself. */
    private static final WorkStream.Sources NOTHING = new WorkStream.Sources() {
        @Override
        public Transformer model(ModelOrigin origin) {
            throw new IllegalStateException("a result with a model");
        }

        @Override
        public Object shared(String id, Function<byte[], Object> make) {
            throw new IllegalStateException("a result with what is shared");
        }

        @Override
        public KeptBetweenFolds kept(KeptBetweenFolds read) {
            throw new IllegalStateException("a result with what is kept");
        }
    };

    // ---- what a job needs

    private void open(byte[] bytes, WorkPlace place, List<String> notes) throws IOException {
        if (Arrays.equals(bytes, settingBytes) && place.device().equals(device)) return;
        settingBytes = null;
        RunOptions options = new RunOptions(progress(place), new CancelToken(place::cancelled), 0, 0, notes::add);
        setting = (WorkMessages.Setting) WorkStream.read(bytes, sources(place, options));
        if (setting.pairs() != pairs) {
            closeBatches(); // a batch is of one part's rows
            pairs = setting.pairs();
        }
        settingBytes = bytes;
    }

    private WorkStream.Sources sources(WorkPlace place, RunOptions options) {
        return new WorkStream.Sources() {
            @Override
            public Transformer model(ModelOrigin wanted) {
                return FoldWorker.this.model(wanted, place, options);
            }

            @Override
            public Object shared(String id, Function<byte[], Object> make) {
                Object known = shared.get(id);
                if (known != null) return known;
                Object made = make.apply(place.shared(id));
                shared.put(id, made);
                return made;
            }

            @Override
            public KeptBetweenFolds kept(KeptBetweenFolds read) {
                if (search != null && search.id().equals(read.id())) return search;
                if (search != null) search.close();
                search = read;
                return search;
            }
        };
    }

    private Transformer model(ModelOrigin wanted, WorkPlace place, RunOptions options) {
        if (wanted.equals(origin) && place.device().equals(device)) return model;
        closeModel(); // and nothing else: what was read before the model, as means, is of the same fold
        model = MODELS.take(wanted, place.device(), place.threads(), place.environment(), options);
        origin = wanted;
        device = place.device();
        return model;
    }

    private RunOptions options(WorkPlace place, List<String> notes) {
        if (device.equals("cpu")) Transformer.threads(place.threads());
        return new RunOptions(
                progress(place),
                new CancelToken(place::cancelled),
                setting.batch(),
                setting.memory(),
                notes::add,
                CheckpointStore.NONE);
    }

    private static Progress progress(WorkPlace place) {
        return new Progress() {
            @Override
            public void begin(String what, long total, String unit) {}

            @Override
            public void advance(long by) {
                place.advanced(by);
            }

            @Override
            public void end() {}
        };
    }

    // ---- a task

    private <P> WorkMessages.Result run(Fold<P> fold, WorkMessages.Task task, RunOptions options, List<String> notes) {
        List<Integer> examples = IntStream.of(task.examples()).boxed().toList();
        List<Batch.Change> changes = new ArrayList<>();
        int most = examples.size();
        P value;
        try {
            value = kept(fold, task, examples, changes, options);
        } catch (OutOfDeviceMemory e) {
            closeBatches();
            changes.clear();
            if (examples.size() == 1) throw Batches.tooLarge(e);
            notes.add(Batches.halved(examples.size()) + ", on " + WorkerHost.name());
            most = examples.size() / 2;
            P first = alone(fold, task, examples.subList(0, most), options);
            value = fold.merge(first, alone(fold, task, examples.subList(most, examples.size()), options));
        }
        var part = new WorkMessages.Part(0, task.batch(), task.to(), examples.size(), WorkStream.value(fold, value));
        var done = new WorkMessages.Done(task.batch(), examples.size(), List.copyOf(changes), most);
        return new WorkMessages.Result(List.of(part), List.of(done), notes, null);
    }

    /** In a batch that may stay for the tasks that follow. */
    private <P> P kept(
            Fold<P> fold,
            WorkMessages.Task task,
            List<Integer> examples,
            List<Batch.Change> changes,
            RunOptions options) {
        Batches made = new Batches(setting.model(), setting.pairs());
        List<Continuations> then = examples.stream().map(fold::continuations).toList();
        Key key = new Key(examples, then, task.start(), task.savesMemory());
        Kept known = batches.remove(key);
        if (known != null && !isAt(known, task.past())) {
            drop(known);
            known = null;
        }
        Batch batch = known != null ? known.batch : made.make(examples, then, task.start(), task.savesMemory());
        boolean stays = false;
        try {
            if (known == null) {
                for (PastChange past : task.past()) batch.replay(past.change(), past.ablation(), options.cancel());
            }
            batch.setSpans(made.spans(examples));
            P value = value(fold, task, batch, options);
            List<Batch.Change> all = batch.changes();
            changes.addAll(all.subList(task.past().size(), all.size()));
            List<PastChange> now = new ArrayList<>(task.past());
            changes.forEach(it -> now.add(new PastChange(it, fold.ablation())));
            long size = known != null ? known.bytes : task.keptBytes();
            if (known == null && bytes + size > made.mostKept(options)) return value;
            if (known == null) bytes += size;
            batches.put(key, new Kept(batch, size, setting.job(), task.past(), now));
            stays = true;
            return value;
        } finally {
            if (!stays) {
                if (known != null) bytes -= known.bytes;
                batch.close();
            }
        }
    }

    /** Whether a batch is as it was before a job: also where another task of the job has used it. */
    private boolean isAt(Kept known, List<PastChange> past) {
        return known.now.equals(past) || known.job.equals(setting.job()) && known.past.equals(past);
    }

    private static <P> P value(Fold<P> fold, WorkMessages.Task task, Batch batch, RunOptions options) {
        return task.apart()
                ? fold.run(batch, task.examples(), task.from(), task.to(), options)
                : fold.run(batch, task.examples(), options);
    }

    /** Of fewer examples than the task's, in a batch of their own. */
    private <P> P alone(Fold<P> fold, WorkMessages.Task task, List<Integer> examples, RunOptions options) {
        options.cancel().check();
        int half = examples.size() / 2;
        var part = new WorkMessages.Task(
                task.batch(),
                examples.stream().mapToInt(it -> it).toArray(),
                task.start(),
                task.savesMemory(),
                List.of(),
                0,
                task.from(),
                task.to());
        List<Continuations> then = examples.stream().map(fold::continuations).toList();
        Batches batches = new Batches(setting.model(), setting.pairs());
        try (Batch batch = batches.make(examples, then, task.start(), task.savesMemory())) {
            return value(fold, part, batch, options);
        } catch (OutOfDeviceMemory e) {
            if (half == 0) throw Batches.tooLarge(e);
        }
        P first = alone(fold, task, examples.subList(0, half), options);
        return fold.merge(first, alone(fold, task, examples.subList(half, examples.size()), options));
    }

    // ---- merging

    private static <P> WorkMessages.Result merge(Fold<P> fold, List<WorkMessages.Result> results) throws IOException {
        List<String> notes = results.stream().flatMap(it -> it.notes().stream()).toList();
        for (WorkMessages.Result each : results)
            if (each.failure() != null) return new WorkMessages.Result(List.of(), List.of(), notes, each.failure());
        List<WorkMessages.Part> parts =
                results.stream().flatMap(it -> it.parts().stream()).toList();
        List<WorkMessages.Done> batches =
                results.stream().flatMap(it -> it.batches().stream()).toList();
        boolean steps = parts.getFirst().to() > 0;
        return steps
                ? new WorkMessages.Result(List.of(joined(fold, parts)), batches, notes, null)
                : new WorkMessages.Result(merged(fold, parts), batches, notes, null);
    }

    private static <P> WorkMessages.Part joined(Fold<P> fold, List<WorkMessages.Part> parts) throws IOException {
        P all = null;
        for (WorkMessages.Part part : parts) {
            P value = WorkStream.value(fold, part.value(), part.examples());
            all = all == null ? value : fold.join(all, value);
        }
        WorkMessages.Part last = parts.getLast();
        return new WorkMessages.Part(0, last.index(), last.to(), last.examples(), WorkStream.value(fold, all));
    }

    private static <P> List<WorkMessages.Part> merged(Fold<P> fold, List<WorkMessages.Part> parts) throws IOException {
        record Sum<P>(int examples, P value) {}
        MergeTree<Sum<P>> tree =
                new MergeTree<>((a, b) -> new Sum<>(a.examples + b.examples, fold.merge(a.value, b.value)));
        for (WorkMessages.Part part : parts) {
            P value = WorkStream.value(fold, part.value(), part.examples());
            tree.add(new MergeTree.Node<>(part.level(), part.index(), new Sum<>(part.examples(), value)));
        }
        return tree.nodes().stream()
                .map(it -> new WorkMessages.Part(
                        it.level(),
                        it.index(),
                        0,
                        it.value().examples(),
                        WorkStream.value(fold, it.value().value())))
                .toList();
    }

    // ---- given back

    private void drop(Kept kept) {
        bytes -= kept.bytes;
        kept.batch.close();
    }

    private void closeBatches() {
        batches.values().forEach(it -> it.batch.close());
        batches.clear();
        bytes = 0;
    }

    /** Gives the model and all that belongs to it back. */
    @Override
    public void close() {
        closeModel();
        if (search != null) search.close();
        search = null;
        shared.clear();
        pairs = null;
        settingBytes = null;
    }

    private void closeModel() {
        closeBatches();
        if (model != null) MODELS.release(model);
        model = null;
        origin = null;
    }
}
