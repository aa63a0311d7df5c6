package io.circuitscript.model.hub;

/**
 * What the hub says of a file.
 *
 * @param etag the name of its content
 * @param size in bytes
 */
record RemoteFile(String name, String etag, long size) {}
