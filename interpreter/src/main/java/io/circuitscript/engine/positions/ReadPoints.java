package io.circuitscript.engine.positions;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;

/**
 * Where in a batch's rows logits are read: at each row's last position, or at points of which a row may have several.
 *
 * @param count how many points there are
 * @param last each row's last real position, counted from the window's start, {@code [batch]}; null where there are places
 * @param places each point as a place among the rows' positions, row after row, {@code [point]}; null where there are last positions
 */
public record ReadPoints(int count, Tensor last, Tensor places) {
    /**
     * The stream at the points, {@code [row, dModel]}. A single point stands there twice: a product with one row takes another path through the
     * library, and would round differently from the same example in company.
     */
    public Tensor of(Torch torch, Scope pass, Tensor stream) {
        return places == null ? torch.at(pass, stream, last) : torch.atPlaces(pass, stream, places); // [row, dModel]
    }

    /** What sources change at the points. changes {@code [source, n, dModel]} → {@code [source, point, dModel]} */
    public Tensor ofChanges(Torch torch, Scope pass, Tensor changes) {
        return places == null
                ? torch.atEach(pass, changes, count, last) // [source, point, dModel]
                : torch.changesAt(pass, changes, places); // [source, point, dModel]
    }

    /** The same of a batch that stands there several times. @param n positions of all rows of the batch */
    public ReadPoints repeated(Torch torch, Scope scope, int times, int n) {
        return places == null
                ? new ReadPoints(count * times, torch.repeatBatch(scope, last, times), null)
                : new ReadPoints(count * times, null, torch.repeatPlaces(scope, places, times, n));
    }

    /** The first so many. */
    public ReadPoints first(Torch torch, Scope pass, int points) {
        return places == null
                ? new ReadPoints(points, torch.rows(pass, last, 0, points), null)
                : new ReadPoints(points, null, torch.rows(pass, places, 0, points));
    }
}
