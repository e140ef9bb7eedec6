package dev.shunt.e2e.verify.kernels;

import dev.shunt.e2e.scene.SceneDirectory;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the data path on one kernel after the other. One thread; {@link #close} removes the files of
 * the run, fetched kernels stay.
 */
final class KernelMatrix implements AutoCloseable {
  /** The name of the host's own kernel on the command line. */
  static final String HOST = "host";

  private final SceneDirectory directory;
  private final GuestArchive archive;
  private final KernelStore store;
  private final KernelCatalog catalog;
  private final PrintWriter progress;

  private KernelMatrix(SceneDirectory directory, List<String> only, PrintWriter progress) {
    this.directory = directory;
    this.progress = progress;
    say("compiling the guest's programs");
    archive = GuestArchive.prepare(directory.path().resolve("build"), cases(only));
    store = new KernelStore(KernelStore.defaultFolder(), archive.scripts());
    catalog = store.catalog();
  }

  /**
   * Prepares what every kernel needs.
   *
   * @param cases names of those to run; empty for all
   */
  static KernelMatrix open(List<String> cases, PrintWriter progress) {
    SceneDirectory directory = SceneDirectory.create(SceneName.fresh("kernels").toString());
    try {
      return new KernelMatrix(directory, cases, progress);
    } catch (RuntimeException failed) {
      directory.close();
      throw failed;
    }
  }

  private List<String> cases(List<String> only) {
    Path list = directory.path().resolve("cases");
    GuestFiles.copy("/dev/shunt/e2e/guest/cases", list);
    try {
      List<String> chosen =
          Files.readAllLines(list).stream()
              .filter(line -> only.isEmpty() || only.contains(line.split(" ", 2)[0]))
              .toList();
      if (chosen.isEmpty()) {
        throw new SceneException("choose cases failed: none of " + only + " is in the list");
      }
      return chosen;
    } catch (IOException failed) {
      throw new SceneException("read " + list + " failed: " + failed, failed);
    }
  }

  /** The host's kernel and the newest of each series that apt offers. */
  List<String> defaults() {
    List<String> chosen = new ArrayList<>(List.of(HOST));
    chosen.addAll(catalog.newestOfEachSeries());
    return chosen;
  }

  /** The kernel that an argument means. */
  Optional<String> find(String wanted) {
    return wanted.equals(HOST) ? Optional.of(HOST) : catalog.find(wanted);
  }

  /** Releases that apt offers, newest first. */
  List<String> offered() {
    return catalog.releases();
  }

  /** Runs these kernels, as {@link #find} named them. */
  List<KernelRow> run(List<String> kernels) {
    List<KernelRow> rows = new ArrayList<>();
    Optional<Guest> guest = Optional.empty();
    for (String kernel : kernels) {
      say("[" + (rows.size() + 1) + "/" + kernels.size() + "] " + kernel);
      if (!kernel.equals(HOST) && guest.isEmpty()) {
        guest = Optional.of(new Guest(directory.path(), archive.pack()));
      }
      long started = System.nanoTime();
      KernelRow row = guest.isEmpty() || kernel.equals(HOST) ? host() : boot(guest.get(), kernel);
      long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
      rows.add(row.withTime(took));
      say("  " + (row.passed() ? "passed" : "failed") + " in " + took + " s");
    }
    return rows;
  }

  private KernelRow host() {
    return Transcript.row(
        new HostKernel(archive, directory.path()).run(), KernelRow.Place.HOST, "");
  }

  private KernelRow boot(Guest guest, String release) {
    KernelStore.Kernel kernel = store.fetch(release);
    return Transcript.row(guest.run(kernel), KernelRow.Place.GUEST, release);
  }

  private void say(String line) {
    progress.println(line);
    progress.flush();
  }

  @Override
  public void close() {
    directory.close();
  }
}
