package io.circuitscript.engine;

import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps checkpoints of long work, so that a run that was interrupted can go on from there. Called from the thread that works. */
public interface CheckpointStore {
    /** Keeps no checkpoint. */
    CheckpointStore NONE = identity -> Piece.UNSAVED;

    /**
     * Begins the next piece of a run's work; the last one has ended, or failed.
     *
     * @param identity says in bytes what the piece is: what was saved of another is not its own. Asked only where something is read, or comes to its end or to be saved.
     */
    Piece begin(Supplier<byte[]> identity);

    /** What writes what there is. */
    interface Content {
        void writeTo(DataOutput out) throws IOException;
    }

    /** What an earlier run saved of a piece. @param whole whether it had come to its end */
    record Saved(boolean whole, byte[] content) {}

    /** One piece of the work. */
    interface Piece {
        Piece UNSAVED = new Piece() {
            @Override
            public Optional<Saved> saved() {
                return Optional.empty();
            }

            @Override
            public void checkpoint(Content soFar) {}

            @Override
            public void completed(Content result) {}
        };

        Optional<Saved> saved();

        /** Is told of a place from which the work could go on. @param soFar written at once or later, but before the next call */
        void checkpoint(Content soFar);

        /** Is told the end, where the work did not find it in what was saved. @param result written at once */
        void completed(Content result);
    }
}
