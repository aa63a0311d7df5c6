package io.circuitscript.model;

import java.util.List;

/**
 * How queries and keys are turned by their position: at position p, pair i of a head's numbers by the angle {@code p · frequencies[i]}.
 *
 * @param frequencies a pair's angle from one position to the next; twice as many numbers of a head as there are pairs are turned, the first ones
 * @param pairs whether a pair is two neighbours; else number i goes with number i + half of those turned
 * @param factor by which turned numbers are multiplied
 */
public record Rotary(List<Double> frequencies, boolean pairs, double factor) {
    public Rotary {
        frequencies = List.copyOf(frequencies);
    }
}
