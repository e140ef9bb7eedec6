package dev.shunt.e2e.bench.socket;

import dev.shunt.e2e.scene.NativeProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The argument lists of {@code shunt-load}. Immutable. */
final class LoadProgram {
  private final Path executable;

  private LoadProgram(Path executable) {
    this.executable = executable;
  }

  /**
   * Compiles it below {@code directory}.
   *
   * @throws dev.shunt.e2e.scene.SceneException the compiler refuses it
   */
  static LoadProgram build(Path directory) {
    return new LoadProgram(NativeProgram.build("/dev/shunt/e2e/load", "shunt-load", directory));
  }

  List<String> serve(String at) {
    return List.of(executable.toString(), "serve", "--at", at);
  }

  List<String> drive(String at, LoadPlan plan) {
    List<String> argv = new ArrayList<>(List.of(executable.toString(), "drive", "--at", at));
    argv.addAll(List.of("--shape", plan.shape().toString()));
    argv.addAll(List.of("--bytes", Integer.toString(plan.bytes())));
    argv.addAll(List.of("--connections", Integer.toString(plan.connections())));
    argv.addAll(List.of("--placement", plan.placement().option()));
    if (plan.rate() > 0) {
      argv.addAll(List.of("--rate", Integer.toString(plan.rate())));
    }
    return argv;
  }
}
