package io.circuitscript.render;

import com.eclipsesource.v8.JavaVoidCallback;
import com.eclipsesource.v8.V8;
import com.eclipsesource.v8.V8RuntimeException;
import guru.nidi.graphviz.engine.AbstractJavascriptEngine;
import guru.nidi.graphviz.engine.GraphvizException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A V8 engine that one thread runs scripts in and another thread can stop. */
final class V8Script extends AbstractJavascriptEngine {
    private final V8 v8;
    private String result;
    private String error;

    /** @param made told of the V8, for whoever may have to stop it */
    V8Script(Path cacheFolder, Consumer<V8> made) {
        v8 = V8.createV8Runtime(null, cacheFolder.toString());
        made.accept(v8);
        register("result", text -> result = text);
        register("error", text -> error = text);
        register("log", text -> {});
    }

    private void register(String name, Consumer<String> receiver) {
        JavaVoidCallback callback = (self, parameters) -> receiver.accept(parameters.getString(0));
        v8.registerJavaMethod(callback, name);
    }

    @Override
    protected String execute(String script) {
        result = null;
        error = null;
        try {
            v8.executeVoidScript(script);
        } catch (V8RuntimeException e) {
            throw new GraphvizException(e.getMessage() == null ? "its script failed" : e.getMessage(), e);
        }
        if (error != null) throw new GraphvizException(error);
        if (result == null) throw new GraphvizException("it gave no answer");
        return result;
    }

    @Override
    public void close() {
        v8.release(true);
    }
}
