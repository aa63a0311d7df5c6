package io.circuitscript.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HubSettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HOME=/h | /h/.cache/huggingface/hub",
                "HOME=/h XDG_CACHE_HOME=/x | /x/huggingface/hub",
                "HOME=/h XDG_CACHE_HOME=/x HF_HOME=/y | /y/hub",
                "HOME=/h HF_HOME=/y HUGGINGFACE_HUB_CACHE=/z | /z",
                "HOME=/h HUGGINGFACE_HUB_CACHE=/z HF_HUB_CACHE=/c | /c",
                "HOME=/h HF_HUB_CACHE=~/c | /h/c",
                "HOME=/h USER=me HF_HOME=/scratch/$USER/${USER} | /scratch/me/me/hub",
                "HOME=/h HF_HOME='' | /h/.cache/huggingface/hub"
            })
    void theCacheIsWhereTheOfficialClientHasIt(String variables, Path cache) {
        assertEquals(cache, HubSettings.of(environment(variables)).cache());
    }

    private static Map<String, String> environment(String variables) {
        var environment = new java.util.HashMap<String, String>();
        for (String variable : variables.split(" ")) {
            String[] parts = variable.split("=", 2);
            environment.put(parts[0], parts[1].replace("'", ""));
        }
        return environment;
    }

    @Test
    void theTokenIsTheVariablesElseTheFiles(@TempDir Path home) throws IOException {
        Map<String, String> plain = Map.of("HF_HOME", home.toString());
        assertEquals(Optional.empty(), HubSettings.of(plain).token());
        Files.writeString(home.resolve("token"), " hf_file\n");
        assertEquals("hf_file", HubSettings.of(plain).token().orElseThrow().text());
        Map<String, String> given = Map.of("HF_HOME", home.toString(), "HF_TOKEN", "hf_own");
        assertEquals("hf_own", HubSettings.of(given).token().orElseThrow().text());
        Path other = Files.writeString(home.resolve("other"), "hf_other");
        assertEquals(
                "hf_other",
                HubSettings.of(Map.of("HF_TOKEN_PATH", other.toString()))
                        .token()
                        .orElseThrow()
                        .text());
        assertFalse(HubSettings.of(given).token().toString().contains("hf_own"), "no message may show it");
        assertThrows(UserError.class, () -> HubSettings.of(Map.of("HF_TOKEN", "two words")));
    }

    @Test
    void offlineAsTheOfficialClientSaysIt() {
        for (String yes : List.of("1", "true", "YES", "on"))
            assertTrue(HubSettings.of(Map.of("HF_HUB_OFFLINE", yes)).offline());
        for (String no : List.of("", "0", "false"))
            assertFalse(HubSettings.of(Map.of("HF_HUB_OFFLINE", no)).offline());
    }

    @ParameterizedTest
    @ValueSource(strings = {"huggingface.co", "ftp://x", "http://", "not an address", "https://me:pass@x"})
    void anEndpointThatIsNoneIsSaidToBeNone(String endpoint) {
        UserError error = assertThrows(UserError.class, () -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint)));
        assertEquals(ErrorCode.HUB_SETTINGS, error.code());
    }

    @Test
    void proxiesAreTheVariables() {
        var proxies =
                EnvironmentProxies.of(Map.of("https_proxy", "http://proxy.lab:3128", "NO_PROXY", "localhost,.lab"));
        assertEquals(
                "proxy.lab",
                ((InetSocketAddress) proxies.select(URI.create("https://huggingface.co/x"))
                                .getFirst()
                                .address())
                        .getHostString());
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("http://huggingface.co")));
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("https://localhost:8080")));
        assertEquals(List.of(Proxy.NO_PROXY), proxies.select(URI.create("https://mirror.lab")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "a/b/c", "a/../b", "a--b/c", "a/b.", "/a/b", "a/b/", "a b/c", "../a"})
    void whatCannotBeARepository(String text) {
        assertEquals(Optional.empty(), HubName.of(text));
    }

    @Test
    void aRepositoryAndItsFolder() {
        HubName name = HubName.of("EleutherAI/pythia-70m").orElseThrow();
        assertEquals("models--EleutherAI--pythia-70m", name.folder());
        assertEquals(Optional.of(name), HubName.ofFolder(name.folder()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../main", "a/../b", "a b", "a\nb"})
    void whatCannotBeARevision(String text) {
        assertThrows(UserError.class, () -> new Revision(text));
    }
}
