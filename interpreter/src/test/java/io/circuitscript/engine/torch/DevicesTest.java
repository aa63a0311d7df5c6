package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which device a word means, on machines that are made up. */
class DevicesTest {
    private static final CudaDriver TWO = new CudaDriver(true, List.of(80L << 30, 80L << 30), 0);
    private static final CudaDriver NO_GPU = new CudaDriver(true, List.of(), 0);

    @TempDir
    Path root;

    private Path torch(String python, String version, boolean cuda) throws IOException {
        Path libraries =
                Files.createDirectories(root.resolve("lib").resolve(python).resolve("site-packages/torch/lib"));
        for (String name : cuda ? List.of("torch", "torch_cuda", "c10_cuda") : List.of("torch")) {
            Files.createFile(libraries.resolve(System.mapLibraryName(name)));
        }
        Files.writeString(libraries.resolveSibling("version.py"), "__version__ = '" + version + "'\n");
        return libraries;
    }

    private Devices devices(CudaDriver driver) {
        return new Devices(() -> driver, new PyTorchSearch(Map.of("VIRTUAL_ENV", root.toString())), true);
    }

    private static Devices.Choice choose(Devices devices, String word) {
        return devices.choose(word, Optional.empty());
    }

    private static UserError refused(Devices devices, String word) {
        UserError error = assertThrows(UserError.class, () -> choose(devices, word));
        assertEquals(UserError.Kind.UNAVAILABLE, error.kind());
        assertEquals(ErrorCode.NO_DEVICE, error.code());
        return error;
    }

    @Test
    void aPlainMachineIsQuiet() throws IOException {
        torch("python3.11", "2.7.1+cu126", true);
        Devices devices = devices(CudaDriver.NONE);
        assertEquals(new Devices.Choice("cpu", Optional.empty(), List.of()), choose(devices, "auto"));
        assertEquals(new Devices.Choice("cpu", Optional.empty(), List.of()), choose(devices, "cpu"));
        assertEquals(
                "device=cuda: this machine has no CUDA driver (libcuda.so.1)",
                refused(devices, "cuda").getMessage());
        assertEquals(
                ErrorCode.UNKNOWN_DEVICE,
                assertThrows(UserError.class, () -> choose(devices, "tpu")).code());
    }

    @Test
    void aCopyWithoutPyTorchTakesAnInstalledOneOfTheRightVersion() throws IOException {
        Devices devices =
                new Devices(() -> CudaDriver.NONE, new PyTorchSearch(Map.of("VIRTUAL_ENV", root.toString())), false);
        for (String found : List.of("looked at PYTORCH_LIBRARY_PATH", "found PyTorch 2.9.0 in ")) {
            if (found.startsWith("found")) torch("python3.12", "2.9.0", false);
            for (String device : List.of("auto", "cpu")) {
                UserError error = assertThrows(UserError.class, () -> choose(devices, device));
                assertEquals(UserError.Kind.UNAVAILABLE, error.kind());
                assertEquals(ErrorCode.NO_PYTORCH, error.code());
                assertTrue(
                        error.notes().getFirst().startsWith(found),
                        error.notes().toString());
                assertTrue(error.help().contains("-full"), error.help());
            }
        }
        Path libraries = torch("python3.11", "2.7.1+cu126", true);
        InstalledPyTorch right = new InstalledPyTorch(libraries, "2.7.1+cu126", true);
        assertEquals(new Devices.Choice("cpu", Optional.of(right), List.of()), choose(devices, "auto"));
        assertEquals(new Devices.Choice("cpu", Optional.of(right), List.of()), choose(devices, "cpu"));
    }

    @Test
    void whereAGpuCouldBeExpectedAutoSaysWhyNot() throws IOException {
        assertEquals(
                List.of("on cpu: the CUDA driver of this machine shows no GPU"),
                choose(devices(NO_GPU), "auto").notes());
        String nothing = choose(devices(TWO), "auto").notes().getFirst();
        assertTrue(
                nothing.startsWith(
                        "on cpu: this machine shows 2 CUDA devices, and PyTorch 2.7.x built for CUDA is needed; none was found"),
                nothing);
        Path plain = torch("python3.9", "2.7.1+cpu", false);
        String withoutCuda = choose(devices(TWO), "auto").notes().getFirst();
        assertTrue(
                withoutCuda.endsWith(
                        "the one found is PyTorch 2.7.1+cpu in " + plain + ", which was built without CUDA"),
                withoutCuda);
        assertEquals(
                List.of("found PyTorch 2.7.1+cpu in " + plain + ", which was built without CUDA"),
                refused(devices(TWO), "cuda").notes());
    }

    @Test
    void aGpuIsTakenWithTheVersionThatIsTested() throws IOException {
        torch("python3.13", "2.9.0", true);
        Devices devices = devices(TWO);
        assertEquals("cpu", choose(devices, "auto").device());
        Devices.Choice untested = choose(devices, "cuda");
        assertTrue(untested.notes().getFirst().contains("not the version 2.7.x"), untested.notes()::toString);
        Path tested = torch("python3.11", "2.7.1+cu126", true);
        for (String word : List.of("auto", "cuda", "cuda:1")) {
            Devices.Choice choice = choose(devices, word);
            assertEquals(word.equals("cuda:1") ? "cuda:1" : "cuda:0", choice.device());
            assertEquals(tested, choice.pytorch().orElseThrow().libraries());
            assertEquals(
                    "on " + choice.device() + ", by PyTorch 2.7.1+cu126 in " + tested,
                    choice.notes().getFirst());
        }
        assertEquals(
                "device=cuda:2: this machine shows 2 CUDA devices",
                refused(devices, "cuda:2").getMessage());
        assertEquals(Optional.empty(), choose(devices, "cpu").pytorch());
    }

    @Test
    void whatRunsAlreadyStays() throws IOException {
        torch("python3.11", "2.7.1+cu126", true);
        Devices devices = devices(TWO);
        Devices.Choice cpu = choose(devices, "cpu");
        Devices.Choice gpu = choose(devices, "cuda");
        assertEquals("cpu", devices.choose("auto", Optional.of(cpu)).device());
        UserError error = assertThrows(UserError.class, () -> devices.choose("cuda", Optional.of(cpu)));
        assertEquals("device=cuda: PyTorch has run on the CPU here since the first load", error.getMessage());
        assertEquals("cuda:1", devices.choose("cuda:1", Optional.of(gpu)).device());
        assertEquals("cpu", devices.choose("cpu", Optional.of(gpu)).device());
    }
}
