package io.circuitscript.model.hub;

/** Is told how far a download has come, and asked whether it shall go on. Called from the thread that waits for the download. */
public interface HubListener {
    /** @param what a few words, as {@code fetch model.safetensors} */
    void begin(String what, long bytes);

    /** How many bytes there are now, those of an earlier run among them; may go back where a part was no good. */
    void reached(long bytes);

    void end();

    /** Takes what a user should know. */
    void say(String note);

    /** @throws java.util.concurrent.CancellationException where somebody wants it to stop */
    void check();
}
