package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where PyTorch is found, in made-up folders. */
class PyTorchSearchTest {
    @TempDir
    Path root;

    /** A package as pip writes it. */
    private Path torch(String prefix, String python, String version, boolean cuda) throws IOException {
        Path torch = root.resolve(prefix).resolve("lib").resolve(python).resolve("site-packages/torch");
        Files.createDirectories(torch.resolve("lib"));
        Files.createFile(torch.resolve("lib").resolve(System.mapLibraryName("torch")));
        if (cuda) {
            Files.createFile(torch.resolve("lib").resolve(System.mapLibraryName("torch_cuda")));
            Files.createFile(torch.resolve("lib").resolve(System.mapLibraryName("c10_cuda")));
        }
        Files.writeString(
                torch.resolve("version.py"),
                "from typing import Optional\n\n__version__ = '" + version + "'\ndebug = False\n");
        return torch;
    }

    private List<String> versions(Map<String, String> environment) {
        return new PyTorchSearch(environment)
                .installed().stream().map(InstalledPyTorch::version).toList();
    }

    @Test
    void theActiveEnvironmentComesBeforeThePathAndTheHome() throws IOException {
        torch("venv", "python3.11", "2.7.1+cu126", true);
        torch("conda", "python3.12", "2.7.0", true);
        torch("usr", "python3.9", "2.5.0", false);
        torch("usr", "python3.13", "2.6.0", false);
        torch("home/.local", "python3.13", "2.9.0", false);
        Files.createDirectories(root.resolve("usr/bin"));
        Path python = Files.createFile(root.resolve("usr/bin/python3.13"));
        assertTrue(python.toFile().setExecutable(true));
        Files.createDirectories(root.resolve("links/bin"));
        Files.createSymbolicLink(root.resolve("links/bin/python3"), python);
        Map<String, String> environment = Map.of(
                "VIRTUAL_ENV", root.resolve("venv").toString(),
                "CONDA_PREFIX", root.resolve("conda").toString(),
                "PATH", root.resolve("nowhere") + ":" + root.resolve("links/bin") + ":" + root.resolve("usr/bin"),
                "HOME", root.resolve("home").toString());
        assertEquals(List.of("2.7.1+cu126", "2.7.0", "2.6.0", "2.5.0", "2.9.0"), versions(environment));
        assertEquals(List.of(), versions(Map.of()));
        assertEquals(
                List.of(),
                versions(Map.of("VIRTUAL_ENV", root.resolve("nowhere").toString(), "PATH", "")));
    }

    @Test
    void aVariableNamesThePackageItsLibrariesOrAnUnpackedLibtorch() throws IOException {
        Path torch = torch("venv", "python3.11", "2.7.1+cu126", true);
        for (Path folder : List.of(torch, torch.resolve("lib"))) {
            InstalledPyTorch found = new PyTorchSearch(Map.of("CIRCUIT_PYTORCH", folder.toString()))
                    .named()
                    .orElseThrow();
            assertEquals(new InstalledPyTorch(torch.resolve("lib"), "2.7.1+cu126", true), found);
            assertTrue(found.tested());
        }
        Path unpacked = Files.createDirectories(root.resolve("libtorch/lib"));
        Files.createFile(unpacked.resolve(System.mapLibraryName("torch")));
        Files.writeString(root.resolve("libtorch/build-version"), "2.6.0+cpu\n");
        InstalledPyTorch found = new PyTorchSearch(
                        Map.of("PYTORCH_LIBRARY_PATH", root.resolve("nowhere") + ":" + unpacked))
                .named()
                .orElseThrow();
        assertEquals(new InstalledPyTorch(unpacked, "2.6.0+cpu", false), found);
        assertFalse(found.tested());
    }

    @Test
    void aVariableThatNamesNothingIsAMistake() {
        PyTorchSearch search = new PyTorchSearch(Map.of("CIRCUIT_PYTORCH", root.toString()));
        UserError error = assertThrows(UserError.class, search::named);
        assertEquals(UserError.Kind.UNAVAILABLE, error.kind());
        assertEquals(ErrorCode.NO_PYTORCH, error.code());
        assertTrue(error.getMessage().startsWith("CIRCUIT_PYTORCH is " + root), error.getMessage());
        assertTrue(new PyTorchSearch(Map.of("CIRCUIT_PYTORCH", "")).named().isEmpty());
    }
}
