package io.circuitscript.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tests that Jupyter has for kernels, with Jupyter's own client. */
final class JupyterKernelTestTest {
    private static final String PYTHON = "CIRCUIT_TEST_PYTHON";

    @Test
    void jupytersTestsOfKernelsPass(@TempDir Path folder) throws IOException, InterruptedException {
        String python = System.getenv().getOrDefault(PYTHON, "");
        assumeTrue(!python.isEmpty(), PYTHON + " names no Python with jupyter_kernel_test 0.7.0");
        KernelProcess.launcher(folder);
        Process install = KernelProcess.start(
                folder,
                Map.of(),
                List.of(folder.resolve("circuit").toString(), "jupyter", "install", "--prefix", "env"));
        assertTrue(install.waitFor(60, TimeUnit.SECONDS));
        // Started without the launcher the kernel names the one on the path.
        var variables = Map.of(
                "JUPYTER_PATH", folder.resolve("env/share/jupyter").toString(),
                "PATH", folder + ":" + System.getenv("PATH"),
                "PYTHONPATH", Path.of("src/test/python").toAbsolutePath().toString());
        Process tests =
                KernelProcess.start(folder, variables, List.of(python, "-B", "-m", "unittest", "-v", "test_protocol"));
        assertTrue(tests.waitFor(180, TimeUnit.SECONDS));
        String said = Files.readString(folder.resolve("err.txt"));
        assertEquals(0, tests.exitValue(), said);
        assertTrue(said.contains("OK (skipped=1)"), said); // the one that clears a cell
    }
}
