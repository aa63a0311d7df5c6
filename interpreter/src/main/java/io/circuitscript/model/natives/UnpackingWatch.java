package io.circuitscript.model.natives;

import java.util.function.Consumer;

/**
 * Whoever waits while native libraries are unpacked. Both are called in the thread that unpacks.
 *
 * @param asked asked again and again while another process is waited for: what it throws ends that
 * @param notes takes what a user should know, as that another process is waited for
 */
public record UnpackingWatch(Runnable asked, Consumer<String> notes) {
    /** Nobody who could end it, or be told. */
    public static final UnpackingWatch NONE = new UnpackingWatch(() -> {}, note -> {});
}
