package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import java.io.Serializable;

/** What an analysis changed in the values that a batch keeps. Whoever makes the batch anew makes the same changes, in their order, so that what follows is rounded alike. */
record PastChange(Batch.Change change, Ablation ablation) implements Serializable {}
