package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Saves unfinished work from time to time and at an interrupt, and gives it back to a run that resumes. It writes
 * nothing in the first seconds. After that a thread of its own saves each finished piece of work, and the work itself
 * saves how far the current piece is. Hashes of the inputs are computed beside the work too, when it is first saved.
 */
public final class RunSaver implements CheckpointStore, AutoCloseable {
    /** A large result is saved only if computing it took longer than writing it at so many bytes a second. Others are computed again. */
    private static final double BYTES_A_SECOND = 256e3;

    /** Results of up to so many bytes are always saved, so that what is saved does not depend on the speed of the run. */
    private static final int SMALL = 1 << 16;

    /** Saving may take one part in so many of the run's time. */
    private static final int SHARE = 100;

    private static final long SECOND = 1_000_000_000L;

    private final SavedFolder folder;
    private final SavedInputs inputs;
    private final long interval;
    private final Consumer<String> notes;
    private Supplier<RunDependencies> used = () -> {
        throw new IllegalStateException("no session");
    };

    /** The saved run that this one resumes. */
    private Optional<ObjectNode> resumed = Optional.empty();

    private boolean comparedModels;

    /** Whether the folder holds this run. */
    private boolean ours;

    /** Whether the folder holds a run that cannot be resumed. */
    private boolean useless;

    private boolean readsOnly;
    private boolean failed;
    private boolean closed;

    /** When finished pieces are saved next. */
    private long dueDone;

    /** When the current piece is saved next. */
    private long dueReached;

    private Optional<Thread> beside = Optional.empty();

    /** What the run had read when its last piece ended, or reached a point to resume from. */
    private Optional<RunDependencies> latest = Optional.empty();

    private long pieces = -1;
    private final List<Done> done = new ArrayList<>();
    private Supplier<byte[]> identity;
    private Optional<Content> reached = Optional.empty();
    private Optional<RunDependencies> hashed = Optional.empty();
    private Optional<ObjectNode> written = Optional.empty();
    private CompletableFuture<ObjectNode> header =
            CompletableFuture.failedFuture(new IllegalStateException("nothing asked for"));

    /** A finished piece that is not saved yet. */
    private record Done(long number, byte[] identity, byte[] content) {}

    /** @param interval the time before the first saving, and the least between two savings of the piece on hand */
    RunSaver(SavedFolder folder, SavedInputs inputs, Duration interval, Consumer<String> notes) {
        this.folder = folder;
        this.inputs = inputs;
        this.interval = interval.toNanos();
        this.notes = notes;
        dueDone = System.nanoTime() + this.interval;
        dueReached = dueDone;
    }

    /** @param current what the run has read so far */
    void of(Supplier<RunDependencies> current) {
        used = current;
    }

    /** Only reads what is saved. */
    void leaveAsItIs() {
        readsOnly = true;
        failed = true;
    }

    /** Goes on with what is saved, where there is something. @throws UserError where something has changed since */
    synchronized void resume(String name) {
        if (!folder.exists()) {
            notes.accept("no earlier run is saved in " + name + ": this one starts from the beginning");
            return;
        }
        if (!readsOnly && !claimed()) throw taken(name);
        resumed = folder.header();
        if (resumed.isEmpty()) {
            useless = true;
            notes.accept(name
                    + " is damaged, or was made by another version of the program: this run starts from the beginning");
            return;
        }
        SavedInputs.refuse(inputs.changes(resumed.get(), true));
        ours = true;
        List<String> damaged = folder.open();
        if (!damaged.isEmpty())
            notes.accept(
                    "damaged in " + name + ": " + String.join(", ", damaged) + "; what was in there is computed again");
    }

    private static UserError taken(String name) {
        return UserError.failure(
                ErrorCode.SAVED_RUN_IN_USE,
                "another run of this script is using " + name,
                "wait for it, or stop it first");
    }

    private boolean claimed() {
        try {
            return folder.claim();
        } catch (IOException | UserError e) {
            fail(e.getMessage());
            return true;
        }
    }

    /** Whether this run could resume what is saved. Hashes of models, which take long, are not compared here. */
    boolean fits() {
        return folder.exists()
                && !folder.isTaken()
                && folder.header()
                        .filter(it -> inputs.changes(it, false).isEmpty())
                        .isPresent();
    }

    @Override
    public synchronized Piece begin(Supplier<byte[]> of) {
        pieces++;
        identity = of;
        reached = Optional.empty();
        long started = System.nanoTime();
        return new Piece() {
            /** Whether an earlier run worked on it too. Its time is then not known. */
            private boolean goneOn;

            @Override
            public Optional<Saved> saved() {
                synchronized (RunSaver.this) {
                    Optional<Saved> left = leftOf();
                    goneOn = left.isPresent();
                    return left;
                }
            }

            @Override
            public void checkpoint(Content soFar) {
                synchronized (RunSaver.this) {
                    reached = Optional.of(soFar);
                    saveWhereDue();
                }
            }

            @Override
            public void completed(Content result) {
                synchronized (RunSaver.this) {
                    reached = Optional.empty();
                    if (failed) return;
                    byte[] content = bytes(result);
                    double seconds = (System.nanoTime() - started) / 1e9;
                    if (goneOn || content.length <= Math.max(SMALL, seconds * BYTES_A_SECOND))
                        keep(new Done(pieces, of.get(), content));
                }
            }
        };
    }

    /** Keeps a piece until the thread beside the work saves it. */
    private void keep(Done piece) {
        done.add(piece);
        latest = Optional.of(used.get());
        if (beside.isEmpty())
            beside = Optional.of(Thread.ofPlatform().daemon().name("saving").start(this::saveBeside));
        notifyAll();
    }

    /** Saves finished pieces, each soon after it is due and the inputs are hashed. */
    private synchronized void saveBeside() {
        try {
            while (!closed && !failed) {
                long left = dueDone - System.nanoTime();
                if (done.isEmpty()) wait();
                else if (left > 0) wait(left / 1_000_000 + 1);
                else if (!hashed.equals(latest)) hash(latest.orElseThrow());
                else if (!header.isDone()) wait();
                else save(Optional.empty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does: it would end with the process
        }
    }

    private Optional<Saved> leftOf() {
        if (resumed.isEmpty()) return Optional.empty();
        if (!comparedModels) {
            RunDependencies now = used.get();
            SavedInputs.refuse(inputs.modelChanges(resumed.get(), now.models()));
            comparedModels = now.models().size() >= resumed.get().path("models").size();
        }
        Optional<SavedFolder.Entry> entry = folder.entry(pieces);
        if (entry.isEmpty()) return Optional.empty();
        if (!Arrays.equals(entry.get().identity(), identity.get())) {
            folder.forget(pieces);
            notes.accept("what was saved from here on belongs to a different computation; it is computed again");
            return Optional.empty();
        }
        return entry.map(it -> new Saved(it.whole(), it.content()));
    }

    private static byte[] bytes(Content content) {
        var bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return bytes.toByteArray();
    }

    private void saveWhereDue() {
        if (failed || System.nanoTime() < dueReached) return;
        latest = Optional.of(used.get());
        if (!hashed.equals(latest)) hash(latest.get());
        if (header.isDone()) save(reached);
    }

    private void hash(RunDependencies now) {
        hashed = Optional.of(now);
        header = CompletableFuture.supplyAsync(
                () -> inputs.of(now),
                task -> Thread.ofPlatform().daemon().name("hashes").start(task));
        header.whenComplete((hashes, failure) -> wake());
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Saves what there is. Where it cannot be written, saving ends and the run goes on. */
    private void save(Optional<Content> onHand) {
        long start = System.nanoTime();
        try {
            ObjectNode now = inputs.joined(header.join(), resumed);
            if (!ours && !begun()) return;
            if (!written.equals(Optional.of(now))) folder.writeHeader(now);
            written = Optional.of(now);
            if (!done.isEmpty()) {
                folder.writeDone(done.stream()
                        .map(it -> new SavedFolder.Entry(it.number(), it.identity(), true, it.content()))
                        .toList());
                done.clear();
            }
            if (onHand.isPresent())
                folder.writeReached(new SavedFolder.Entry(pieces, identity.get(), false, bytes(onHand.get())));
        } catch (IOException | UserError e) {
            fail(e.getMessage());
        } catch (CompletionException e) {
            fail(e.getCause().getMessage());
        }
        long end = System.nanoTime();
        dueDone = end + (interval < SECOND ? 0 : Math.max(SECOND, SHARE * (end - start)));
        if (onHand.isPresent())
            dueReached = end + (interval < SECOND ? interval : Math.max(interval, SHARE * (end - start)));
    }

    private boolean begun() throws IOException {
        if (folder.claim()) {
            folder.begin();
            ours = true;
        } else {
            fail("another run of this script is saved there; give one of them another folder with --out DIR");
        }
        return ours;
    }

    private void fail(String reason) {
        failed = true;
        done.clear();
        notifyAll();
        notes.accept("this run goes on, but cannot be saved: " + reason);
    }

    /** Whether the run has lasted long enough to be saved from time to time. */
    synchronized boolean isLong() {
        return hashed.isPresent();
    }

    /** Saves at once. @return whether there is something to go on with */
    synchronized boolean interrupted() {
        boolean something = !done.isEmpty() || reached.isPresent();
        if (something && !failed) {
            RunDependencies now = used.get();
            if (!hashed.equals(Optional.of(now))) hash(now);
            save(reached);
        }
        return ours && !failed;
    }

    /** Removes what was saved, at the end of the run. */
    synchronized void ended() {
        done.clear(); // what is not saved yet is not needed any more
        try {
            if (!readsOnly && (ours || useless || fits()) && folder.claim()) folder.delete();
        } catch (IOException | UserError e) {
            notes.accept("what was saved of this run cannot be removed: " + e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        folder.close();
    }
}
