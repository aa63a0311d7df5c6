package io.circuitscript.render;

import java.util.OptionalDouble;

/**
 * What stands over a picture. Empty texts are left out.
 *
 * @param model its name, as {@code gpt2-small}
 * @param task the task or the data file
 * @param method how the circuit was chosen, as {@code EAP-IG, greedy 400}
 */
public record Caption(String model, String task, int edges, int nodes, OptionalDouble faithfulness, String method) {}
