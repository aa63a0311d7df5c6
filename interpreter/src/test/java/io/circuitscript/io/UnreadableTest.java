package io.circuitscript.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system says of files, in words. */
class UnreadableTest {
    @TempDir
    Path folder;

    @Test
    void anExceptionThatSaysThePathAloneIsPutIntoWords() {
        assertEquals(
                List.of(
                        "permission denied",
                        "no such file",
                        "something of that name is there",
                        "not a folder",
                        "the folder is not empty",
                        "Is a directory",
                        "cut",
                        "IOException"),
                List.of(
                                new AccessDeniedException("/data/pairs.csv"),
                                new NoSuchFileException("/data/pairs.csv"),
                                new FileAlreadyExistsException("/data"),
                                new NotDirectoryException("/data"),
                                new DirectoryNotEmptyException("/data"),
                                new FileSystemException("/data", null, "Is a directory"),
                                new IOException("cut"),
                                new IOException())
                        .stream()
                        .map(Unreadable::why)
                        .toList());
        assertTrue(Unreadable.help(new AccessDeniedException("x"), "").contains("who may read"));
        assertEquals("another", Unreadable.help(new IOException(), "another"));
    }

    @Test
    void plainFilesFoldersAndWhatIsNotTherePass() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Files.createSymbolicLink(folder.resolve("link"), file);
        for (String name : List.of("file", "link", ".", "none", "file/none"))
            Unreadable.refuse(name, folder.resolve(name));
        Files.createSymbolicLink(folder.resolve("old"), Path.of("none/at/all"));
        UserError dangling = assertThrows(UserError.class, () -> Unreadable.refuse("old", folder.resolve("old")));
        assertEquals("old is a link to none/at/all, which does not exist", dangling.getMessage());
    }
}
