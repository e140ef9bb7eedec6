package dev.shunt.ingest.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What the file system says of a file, links followed. Two equal facts mean unchanged content.
 *
 * @param inode number
 * @param size in bytes
 * @param modified time of the content
 * @param changed time of the inode: also sees permissions
 * @param mode file type and permission bits (inode(7))
 * @param owner user id
 */
record FileFacts(long inode, long size, FileTime modified, FileTime changed, int mode, int owner) {
  private static final int TYPE_MASK = 0170000; // S_IFMT, inode(7)
  private static final int REGULAR = 0100000; // S_IFREG
  private static final int WRITABLE_BY_OTHERS = 022;

  static FileFacts of(Path path) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(path, "unix:ino,size,lastModifiedTime,ctime,mode,uid");
    return new FileFacts(
        ((Number) fact(facts, "ino")).longValue(),
        ((Number) fact(facts, "size")).longValue(),
        (FileTime) fact(facts, "lastModifiedTime"),
        (FileTime) fact(facts, "ctime"),
        ((Number) fact(facts, "mode")).intValue(),
        ((Number) fact(facts, "uid")).intValue());
  }

  boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  boolean isWritableByOthers() {
    return (mode & WRITABLE_BY_OTHERS) != 0;
  }

  String permissions() {
    return "0" + Integer.toOctalString(mode & ~TYPE_MASK);
  }

  private static Object fact(Map<String, Object> facts, String name) throws IOException {
    Object fact = facts.get(name);
    if (fact == null) {
      throw new IOException("no attribute " + name);
    }
    return fact;
  }
}
