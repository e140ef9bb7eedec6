package dev.shunt.e2e.cluster.kubelet;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What image names mean here. No image is pulled: every container has the machine's own file system
 * as its root, and an image is what its configuration would say. Immutable.
 *
 * @param known by repository, without tag and digest
 */
public record Images(Map<String, Image> known) {
  public Images {
    known = Map.copyOf(known);
  }

  /**
   * What an image's configuration says.
   *
   * @param entrypoint what runs when the container names no command
   * @param user that it runs as unless the Pod says otherwise
   * @param folders that the image brings
   */
  public record Image(List<String> entrypoint, int user, List<Folder> folders) {
    /** Any program of this machine, as root. */
    static final Image MACHINE = new Image(List.of(), 0, List.of());

    public Image {
      entrypoint = List.copyOf(entrypoint);
      folders = List.copyOf(folders);
    }
  }

  /**
   * A folder of this machine in a container, read-only. Immutable.
   *
   * @param source on this machine
   * @param target in the container
   */
  public record Folder(Path source, String target) {}

  /** Without any image that has a meaning. */
  public static Images none() {
    return new Images(Map.of());
  }

  /** With one more. */
  public Images with(String repository, Image image) {
    Map<String, Image> more = new HashMap<>(known);
    more.put(repository, image);
    return new Images(more);
  }

  /** What a container's image means; one that is not known is the machine itself. */
  Image of(String reference) {
    return known.getOrDefault(repository(reference), Image.MACHINE);
  }

  /** The reference without its tag and digest. */
  static String repository(String reference) {
    int digest = reference.indexOf('@');
    String tagged = digest < 0 ? reference : reference.substring(0, digest);
    int colon = tagged.lastIndexOf(':');
    // a colon before the last slash belongs to a port
    return colon > tagged.lastIndexOf('/') ? tagged.substring(0, colon) : tagged;
  }
}
