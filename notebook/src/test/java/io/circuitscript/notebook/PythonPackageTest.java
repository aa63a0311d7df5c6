package io.circuitscript.notebook;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The magic in a Python notebook, the tutorial as a notebook, papermill: the tests of {@code notebook/python}. */
final class PythonPackageTest {
    @Test
    void passesItsTests(@TempDir Path folder) throws Exception {
        PythonSuite.with(folder, "pytest", "ipykernel", "nbclient", "papermill", "pandas")
                .pytest(Path.of("python", "tests").toAbsolutePath().toString());
    }
}
