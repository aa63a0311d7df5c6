package io.circuitscript.notebook;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that Jupyter has for kernels, through Jupyter's own client. */
final class JupyterKernelTestTest {
    @Test
    void jupytersTestsOfKernelsPass(@TempDir Path folder) throws Exception {
        PythonSuite.with(folder, "pytest", "jupyter_kernel_test")
                .pytest(Path.of("src/test/python/test_protocol.py")
                        .toAbsolutePath()
                        .toString());
    }
}
