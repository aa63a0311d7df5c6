package io.circuitscript.model;

import java.util.Optional;

/**
 * How a layer attends.
 *
 * @param scale by which products of queries with keys are multiplied
 * @param cap what attention scores are held below, softly; 0: nothing
 * @param window how many positions a query sees, its own among them; 0: all before it
 * @param rotary how queries and keys are turned
 */
public record AttentionShape(double scale, double cap, int window, Optional<Rotary> rotary) {}
