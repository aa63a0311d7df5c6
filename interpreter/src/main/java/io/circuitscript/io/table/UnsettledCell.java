package io.circuitscript.io.table;

/** A cell that cannot be used before its whole column is known. */
sealed interface UnsettledCell {
    /** A whole number that no double holds exactly. */
    record Wide(String digits) implements UnsettledCell {}

    /** What has no place in a table, and why. */
    record Unusable(String why, String help) implements UnsettledCell {}

    /** Infinite: no number of the language is. */
    static Unusable infinite(double value) {
        return new Unusable(
                "the number is " + (value > 0 ? "" : "minus ") + "infinity",
                "leave the cell empty; in pandas: df.replace([np.inf, -np.inf], np.nan)");
    }

    /** Of a number that a file holds: NaN is none, as it is for pandas. */
    static Object of(double value) {
        if (Double.isNaN(value)) return null;
        return Double.isInfinite(value) ? infinite(value) : (Object) value;
    }

    static Object of(long value) {
        return Math.abs(value) <= CellNumbers.LARGEST_WHOLE && value != Long.MIN_VALUE
                ? (Object) (double) value
                : new Wide(Long.toString(value));
    }
}
