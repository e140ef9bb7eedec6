package dev.shunt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code shunt image}, for the help page and the shell completion: the launcher of a source
 * checkout builds the image and never gets here.
 */
@Command(
    name = "image",
    sortOptions = false,
    description = "Build the container image of this source tree, without a container engine.")
public final class ImageCommand implements Runnable {
  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      description = "amd64 or arm64 (default: this host's).")
  private String arch = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      defaultValue = "shunt-image.tar",
      description = "The OCI image layout, as a tar file (default: ${DEFAULT-VALUE}).")
  private String output = "shunt-image.tar";

  @Option(
      names = "--rootfs",
      paramLabel = "DIR",
      description = "Write only the file system, to this new folder, for a Containerfile.")
  private String rootFileSystem = "";

  @Override
  public void run() {
    String wanted = rootFileSystem.isEmpty() ? output : rootFileSystem;
    throw new CannotRunException(
        "an image needs the source tree; run ./shunt image in a checkout to write "
            + wanted
            + (arch.isEmpty() ? "" : " for " + arch));
  }
}
