package io.circuitscript.cli.each;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.cluster.CellPlaces;
import java.util.concurrent.CompletableFuture;

/** Processes of this machine. */
record LocalPlaces(int places) implements CellPlaces {
    @Override
    public RunningCell start(CellJob job) {
        return new Running(job.start());
    }

    private record Running(Process process) implements RunningCell {
        @Override
        public CompletableFuture<Integer> end() {
            return process.onExit().thenApply(Process::exitValue);
        }

        @Override
        public void stop() {
            process.destroy();
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }
    }
}
