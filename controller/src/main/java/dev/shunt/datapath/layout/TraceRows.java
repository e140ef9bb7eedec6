package dev.shunt.datapath.layout;

/** Field tables of the structs of {@code trace_layout.h}. Stateless. */
public final class TraceRows {
  /** {@code TRACE_READERS_MAX}. */
  public static final int READERS_MAX = 8;

  /** {@code TRACE_RTT_BUCKETS}. */
  public static final int BUCKETS = 28;

  /** {@code TRACE_FRAMES_MAX}. */
  public static final int FRAMES_MAX = 127;

  /** {@code TRACE_USED_UP_MAX}. */
  public static final int USED_UP_MAX = 64;

  private static final int COMMAND_WORDS = 4;

  /** {@code struct trace_filter}. */
  public static final StructLayout FILTER =
      StructLayout.of("trace_filter")
          .u64("cgroup_id", "netns_cookie")
          .u32("pid", "port", "chosen", "pad")
          .build();

  /** {@code struct trace_choice}. */
  public static final StructLayout CHOICE =
      StructLayout.of("trace_choice").u64("netns_cookie").u32("reader", "pad").build();

  /** {@code struct trace_cpu}. */
  public static final StructLayout CPU =
      StructLayout.of("trace_cpu")
          .u64("jiffies", "second", "last_used_up")
          .u32("node_used_up", "taken")
          .u64("shed")
          .u64Array("matched", READERS_MAX)
          .u64Array("unsampled", READERS_MAX)
          .u64("lost", "untracked", "pad")
          .u64Array("used_up", USED_UP_MAX)
          .build();

  /** {@code struct trace_state}. */
  public static final StructLayout STATE =
      StructLayout.of("trace_state")
          .structs("readers", FILTER, READERS_MAX)
          .u32("unfiltered", "filtered", "by_process", "pad")
          .build();

  /** {@code struct trace_socket}. */
  public static final StructLayout SOCKET =
      StructLayout.of("trace_socket")
          .u64("netns_cookie", "cgroup_id")
          .structs("local", Address.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u16("local_port", "remote_port")
          .u32("pad")
          .build();

  /** {@code struct trace_process}. */
  public static final StructLayout PROCESS =
      StructLayout.of("trace_process")
          .u32("pid")
          .u32Array("command", COMMAND_WORDS)
          .u32("pad")
          .build();

  /** {@code struct trace_connect}. */
  public static final StructLayout CONNECT =
      StructLayout.of("trace_connect")
          .u64("time_ns", "latency_ns")
          .structs("socket", SOCKET, 1)
          .structs("process", PROCESS, 1)
          .u32("readers", "established", "errno_value", "pad")
          .build();

  /** {@code struct trace_change}. */
  public static final StructLayout CHANGE =
      StructLayout.of("trace_change")
          .u64("time_ns", "cookie", "in_state_ns", "sk")
          .structs("socket", SOCKET, 1)
          .structs("process", PROCESS, 1)
          .u32("readers", "old_state", "new_state", "errno_value")
          .build();

  /** {@code struct trace_handshake}. */
  public static final StructLayout HANDSHAKE =
      StructLayout.of("trace_handshake")
          .u64("time_ns")
          .structs("socket", SOCKET, 1)
          .structs("process", PROCESS, 1)
          .u32("readers", "side", "fast_open", "pad")
          .build();

  /** {@code struct trace_pair}. */
  public static final StructLayout PAIR =
      StructLayout.of("trace_pair")
          .u64("netns_cookie", "cgroup_id")
          .structs("local", Address.LAYOUT, 1)
          .structs("remote", Address.LAYOUT, 1)
          .u32("reader", "pad")
          .build();

  /** {@code struct trace_rtt}. */
  public static final StructLayout RTT =
      StructLayout.of("trace_rtt")
          .u64("sum_us")
          .u32("least_us", "most_us")
          .u64Array("buckets", BUCKETS)
          .build();

  /** {@code struct trace_sample}. */
  public static final StructLayout SAMPLE =
      StructLayout.of("trace_sample")
          .u64("time_ns", "cgroup_id")
          .structs("process", PROCESS, 1)
          .u32("thread", "readers", "kernel_frames", "user_frames")
          .build();

  /** {@code struct trace_bytes}. */
  public static final StructLayout BYTES =
      StructLayout.of("trace_bytes")
          .u64("time_ns", "connection", "position")
          .structs("socket", SOCKET, 1)
          .structs("process", PROCESS, 1)
          .u32("readers", "way", "flags", "length_bytes", "captured_bytes", "pad")
          .build();

  /** {@code enum trace_bytes_flag}. */
  public static final int BYTES_REDIRECTED = 1;

  /** {@code enum trace_bytes_flag}. */
  public static final int BYTES_END = 2;

  /** {@code enum trace_bytes_flag}. */
  public static final int BYTES_TLS = 4;

  /** {@code TRACE_GC_NAME_BYTES}. */
  public static final int GC_NAME_BYTES = 32;

  /** {@code TRACE_GC_POOLS_MAX}. */
  public static final int GC_POOLS_MAX = 12;

  /** {@code struct trace_gc_pool}. */
  public static final StructLayout GC_POOL =
      StructLayout.of("trace_gc_pool")
          .text("name", GC_NAME_BYTES)
          .u64("used_before", "used_after", "committed_after")
          .build();

  /** {@code struct trace_gc}. */
  public static final StructLayout GC =
      StructLayout.of("trace_gc")
          .u64("time_ns", "duration_ns", "pause_begin_ns", "netns_cookie", "cgroup_id")
          .structs("process", PROCESS, 1)
          .u32("readers", "kind", "pool_count", "pad")
          .text("manager", GC_NAME_BYTES)
          .structs("pools", GC_POOL, GC_POOLS_MAX)
          .build();

  /** {@code struct trace_collector}. */
  public static final StructLayout COLLECTOR =
      StructLayout.of("trace_collector")
          .structs("record", GC, 1)
          .u64("begin_ns")
          .u32("full", "ended", "told", "pending")
          .build();

  private static final int TLS_HELLO_BYTES = 1024;

  /** {@code struct trace_tls_head}. */
  public static final StructLayout TLS_HEAD =
      StructLayout.of("trace_tls_head")
          .u64("time_ns", "ssl")
          .u32("pid", "kind", "readers", "length")
          .build();

  /** {@code struct trace_tls_hello}. */
  public static final StructLayout TLS_HELLO =
      StructLayout.of("trace_tls_hello")
          .structs("head", TLS_HEAD, 1)
          .text("bytes", TLS_HELLO_BYTES)
          .build();

  /** {@code struct trace_tls}. */
  public static final StructLayout TLS =
      StructLayout.of("trace_tls")
          .structs("head", TLS_HEAD, 1)
          .u64("begin_ns", "duration_ns", "bytes_read", "bytes_written", "reads", "writes")
          .structs("socket", SOCKET, 1)
          .structs("process", PROCESS, 1)
          .u32("side", "established", "alert", "header", "permitted", "pad")
          .build();

  /** {@code struct trace_tls_key}. */
  public static final StructLayout TLS_KEY =
      StructLayout.of("trace_tls_key").u64("ssl").u32("pid", "pad").build();

  private TraceRows() {}
}
