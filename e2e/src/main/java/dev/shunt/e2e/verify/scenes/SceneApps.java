package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.GrpcApp;
import dev.shunt.e2e.scene.NginxApp;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.nio.file.Path;
import java.util.List;

/** The application of a scene, on every address of its pod. Stateless. */
final class SceneApps {
  private SceneApps() {}

  /** Starts the one that speaks a scene's protocol; the caller awaits its listener. */
  static SceneProcess start(Pod pod, SceneShape shape) {
    return switch (shape.protocol()) {
      case HTTP1, HTTP2 -> HttpApp.start(pod, shape.appPort(), shape.protocol());
      case GRPC -> GrpcApp.startOpen(pod, HttpApp.LOAD_BODY_BYTES).process();
      case REDIS -> redis(pod, shape.appPort());
    };
  }

  private static SceneProcess redis(Pod pod, int port) {
    Path folder = pod.folder("app", NginxApp.UID);
    return pod.start(
        "app",
        NginxApp.UID,
        List.of(
            SceneRequirements.program("redis-server"),
            "--port",
            Integer.toString(port),
            "--bind",
            "*",
            "-::*",
            "--protected-mode",
            "no",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            folder.toString()));
  }
}
