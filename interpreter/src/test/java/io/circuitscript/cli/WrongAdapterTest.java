package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code load} of what is no model or no adapter: one message with a place and a way out. */
final class WrongAdapterTest extends ScriptFolder {
    private static final String PLACE = " --> <command>:1:";

    @BeforeEach
    void adapters() throws IOException {
        adapter("self", "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"./self\"}");
        adapter("chain", "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"./self\"}");
        adapter("hollow", "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"./nothing\"}");
        adapter("baseless", "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": null}");
        adapter("ia3", "{\"peft_type\": \"IA3\", \"base_model_name_or_path\": \"acme/base\"}");
        Files.createDirectory(folder.resolve("nothing"));
    }

    private void adapter(String name, String config) throws IOException {
        Files.createDirectory(folder.resolve(name));
        file(name + "/adapter_config.json", config);
    }

    private static void assertOneMessage(CommandRun run, String code, String message, String help) {
        assertTrue(run.err().contains("error[" + code + "]: "), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().contains(PLACE), run.err());
        assertTrue(run.err().contains("= help: " + help), run.err());
        assertEquals(1, run.err().split("error\\[", -1).length - 1, run.err());
        assertFalse(run.err().contains("\tat "), run.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "load \"\" @ E0501 @ the model's name is empty @ name a model",
                "load \"./nothing\" adapter=\"\" @ E0541 @ the name of the adapter's folder is empty @ give it",
                "load \"./self\" @ E0541 @ cannot be its own base model @ name its base model",
                "load \"self\" adapter=\"./self\" @ E0541 @ an adapter cannot be its own base model: self @ name its",
                "load \"./chain\" @ E0541 @ its base model is an adapter too @ name its base model",
                "load \"./hollow\" @ E0541 @ its base model is ./nothing, as adapter_config.json says @ give the base",
                "load \"baseless\" @ E0541 @ names no base model @ name its base model: load \"BASE\" adapter=",
                "load \"./ia3\" @ E0541 @ (IA3), and only LoRA is merged here: merge it @ merge them where Python",
            })
    void isSaid(String statement, String code, String message, String help) {
        assertOneMessage(CommandRun.of(folder, "-c", statement), code, message, help);
    }

    /** From a relative working folder, as the prompt and {@code -c} have it. */
    @ParameterizedTest
    @ValueSource(strings = {"load \".\"", "load \"./\"", "let x = \".\"; load x", "load \".\" adapter=\"ADAPTER\""})
    void theFolderItselfMayHoldNoModel(String statement) {
        String adapter = folder.resolve("self").toString();
        CommandRun run = CommandRun.of(Path.of(""), "-c", statement.replace("ADAPTER", adapter));
        assertOneMessage(run, "E0502", ". is not a model's folder: it has no config.json", "a model's folder holds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "'' @ is not a JSON object",
                "[] @ is not a JSON object",
                "3 @ is not a JSON object",
                "{\"r\": 1, \"r\": 2} @ Duplicate field 'r'",
                "{\"lora_alpha\": NaN} @ Non-standard token 'NaN'",
            })
    void aConfigurationThatIsNoJsonHasAPlaceEverywhere(String text, String message) throws IOException {
        file("self/adapter_config.json", text);
        String help = "download or save the adapter again";
        assertOneMessage(CommandRun.of(folder, "-c", "load \"./self\""), "E0503", message, help);
        assertOneMessage(CommandRun.of(folder, "-c", "let x = \"./self\"; load x"), "E0503", message, help);
        String given = "load \"" + Fixture.of("gpt2") + "\" adapter=\"self\"";
        assertOneMessage(CommandRun.of(folder, "-c", given), "E0503", message, help);
    }
}
