package io.circuitscript.model;

/** What the models of one {@code model_type} have in common. (To be filled in.) */
public record Family(String name, boolean parallel) {}
