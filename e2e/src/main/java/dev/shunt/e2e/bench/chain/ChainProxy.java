package dev.shunt.e2e.bench.chain;

import dev.shunt.e2e.scene.EnvoySidecar;
import dev.shunt.e2e.scene.HaproxySidecar;
import dev.shunt.e2e.scene.NginxSidecar;
import dev.shunt.e2e.scene.Pod;
import dev.shunt.e2e.scene.Sidecar;
import dev.shunt.e2e.scene.SidecarPlan;
import java.util.Locale;

/** The program that is the sidecar of both pods. */
enum ChainProxy {
  NGINX,
  HAPROXY,
  ENVOY;

  Sidecar start(Pod pod, SidecarPlan plan) {
    return switch (this) {
      case NGINX -> NginxSidecar.start(pod, plan);
      case HAPROXY -> HaproxySidecar.start(pod, plan);
      case ENVOY -> EnvoySidecar.start(pod, plan);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
