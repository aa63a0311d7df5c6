package io.circuitscript.analysis;

import io.circuitscript.engine.SavedNumbers;
import io.circuitscript.engine.Saving;
import io.circuitscript.engine.Steps;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How far work without batches has come: its steps so far, each of which gives as many numbers. */
final class StepCourse implements Steps<List<double[]>>, Saving.Content {
    private final Saving.Piece piece;
    private List<double[]> given = List.of();
    private boolean whole;

    /** @param most how many steps there are, with so many numbers from each */
    StepCourse(Saving.Piece piece, int most, int numbers) {
        this.piece = piece;
        piece.left().ifPresent(left -> goOn(left, most, numbers));
    }

    private void goOn(Saving.Left from, int most, int numbers) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(from.content()))) {
            List<double[]> read = new ArrayList<>();
            for (int i = SavedNumbers.count(in, Integer.BYTES); i > 0; i--) read.add(SavedNumbers.read(in));
            boolean ours = read.size() <= most && read.stream().allMatch(it -> it.length == numbers);
            if (ours) given = read;
            whole = ours && from.whole() && read.size() == most;
        } catch (IOException e) {
            given = List.of(); // somebody wrote it who is not this program: as if it were not there
        }
    }

    @Override
    public int done() {
        return given.size();
    }

    @Override
    public List<double[]> given() {
        return given.isEmpty() ? null : given;
    }

    @Override
    public void did(int count, List<double[]> now) {
        given = now;
        piece.reached(this);
    }

    /** Is told that there are no more steps. */
    void end() {
        if (!whole) piece.done(this);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(given.size());
        for (double[] numbers : given) SavedNumbers.write(numbers, out);
    }
}
