package io.circuitscript.analysis;

import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.SavedNumbers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How far work without batches has come: its steps so far, each of which gives as many numbers. */
public final class StepCheckpoint implements ResumableSteps<List<double[]>>, CheckpointStore.Content {
    private final CheckpointStore.Piece piece;
    private List<double[]> partial = List.of();
    private boolean whole;

    /** @param most how many steps there are, with so many numbers from each */
    public StepCheckpoint(CheckpointStore.Piece piece, int most, int numbers) {
        this.piece = piece;
        piece.saved().ifPresent(saved -> goOn(saved, most, numbers));
    }

    private void goOn(CheckpointStore.Saved from, int most, int numbers) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(from.content()))) {
            List<double[]> read = new ArrayList<>();
            for (int i = SavedNumbers.count(in, Integer.BYTES); i > 0; i--) read.add(SavedNumbers.read(in));
            boolean ours = read.size() <= most && read.stream().allMatch(it -> it.length == numbers);
            if (ours) partial = read;
            whole = ours && from.whole() && read.size() == most;
        } catch (IOException e) {
            partial = List.of(); // somebody wrote it who is not this program: as if it were not there
        }
    }

    @Override
    public int done() {
        return partial.size();
    }

    @Override
    public List<double[]> partial() {
        return partial.isEmpty() ? null : partial;
    }

    @Override
    public void stepDone(int count, List<double[]> now) {
        partial = now;
        piece.checkpoint(this);
    }

    /** Is told that there are no more steps. */
    public void end() {
        if (!whole) piece.completed(this);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(partial.size());
        for (double[] numbers : partial) SavedNumbers.write(numbers, out);
    }
}
