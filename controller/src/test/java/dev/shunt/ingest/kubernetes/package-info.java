@NullMarked
package dev.shunt.ingest.kubernetes;

import org.jspecify.annotations.NullMarked;
