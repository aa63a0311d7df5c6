package io.circuitscript.cli;

import java.util.concurrent.Callable;

/** A command that runs and reads no script: the options on how one runs, and what it may write, have nothing to say to it. */
interface WithoutScript extends Callable<Integer> {}
