package io.circuitscript.analysis;

import io.circuitscript.engine.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers in this process that see nothing but bytes, as those of a cluster do. Any of them may get any task. */
public final class ThreadWorkers implements Workers, AutoCloseable {
    private final int places;
    private final ExecutorService threads;
    private final BlockingQueue<FoldWorker> idle;
    private final Map<String, byte[]> shared = new ConcurrentHashMap<>();
    private final AtomicInteger tasks = new AtomicInteger();

    public ThreadWorkers(int places) {
        this.places = places;
        threads = Executors.newFixedThreadPool(places + 1);
        idle = new ArrayBlockingQueue<>(places);
        for (int i = 0; i < places; i++) idle.add(new FoldWorker());
    }

    @Override
    public int places() {
        return places;
    }

    /** How many tasks have run. */
    public int tasks() {
        return tasks.get();
    }

    @Override
    public Pending submit(Job job) {
        shared.putAll(job.shared());
        AtomicBoolean cancelled = new AtomicBoolean();
        Place place = new Place(cancelled, job);
        List<Future<byte[]>> running = new ArrayList<>();
        for (Task task : job.tasks()) running.add(threads.submit(() -> one(job, task.content(), place)));
        Future<List<byte[]>> all = threads.submit(() -> {
            List<byte[]> given = new ArrayList<>();
            for (Future<byte[]> each : running) given.add(each.get());
            while (job.large() && given.size() > 1) given = merged(job, given, place);
            return given;
        });
        return new Pending() {
            @Override
            public boolean await(long millis) throws InterruptedException {
                try {
                    all.get(millis, TimeUnit.MILLISECONDS);
                    return true;
                } catch (TimeoutException e) {
                    return false;
                } catch (ExecutionException | CancellationException e) {
                    return true;
                }
            }

            @Override
            public List<byte[]> result() throws ExecutionException {
                try {
                    return all.get();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        };
    }

    private byte[] one(Job job, byte[] task, Place place) throws InterruptedException {
        FoldWorker worker = idle.take();
        try {
            tasks.incrementAndGet();
            return worker.run(job.setting(), task, place);
        } finally {
            idle.add(worker);
        }
    }

    /** Two by two, but the last of an odd number. */
    private List<byte[]> merged(Job job, List<byte[]> given, Place place) throws InterruptedException {
        List<byte[]> fewer = new ArrayList<>();
        FoldWorker worker = idle.take();
        try {
            for (int i = 0; i < given.size(); i += 2)
                fewer.add(worker.merge(job.setting(), given.subList(i, Math.min(i + 2, given.size())), place));
        } finally {
            idle.add(worker);
        }
        return fewer;
    }

    private final class Place implements WorkPlace {
        private final AtomicBoolean cancelled;
        private final Job job;

        Place(AtomicBoolean cancelled, Job job) {
            this.cancelled = cancelled;
            this.job = job;
        }

        @Override
        public byte[] shared(String id) {
            return shared.get(id);
        }

        @Override
        public boolean cancelled() {
            return cancelled.get();
        }

        @Override
        public void advanced(long units) {
            job.progress().accept(units);
        }

        @Override
        public String device() {
            return "cpu";
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public Map<String, String> environment() {
            return System.getenv();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        idle.forEach(FoldWorker::close);
    }
}
