"""A real Spark cluster on loopback: a master, two workers and a Connect server, each a process.

`home` is the folder of an installed pyspark package; Java 17 is on the PATH or in JAVA_HOME.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines.sail import free_port, wait

HERE = "127.0.0.1"
CLASSES = "org.apache.spark.deploy"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Java compiles lightly and once: it lives for two minutes and would spend half of them on it."""
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


@dataclass
class Standalone:
    """The processes of a cluster and its address."""

    home: Path
    folder: Path
    memory: str = "1g"
    """Of each worker."""
    java: str = QUICK
    """How Java is told to run."""
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    address: str = ""

    def start(self, stack: ExitStack) -> None:
        master, port = free_port(), free_port()
        # a machine that stood still for a minute has lost no worker
        settings = {"spark.master.rest.enabled": "false", "spark.worker.timeout": "600"}
        options = ["--host", HERE, "--port", str(master), "--webui-port", str(free_port())]
        wait(master, self._class(stack, f"{CLASSES}.master.Master", *options, **settings))
        for number in (1, 2):
            work = ["--work-dir", str(self.folder / f"work{number}")]
            size = ["--host", HERE, "--cores", "1", "--memory", self.memory]
            address = f"spark://{HERE}:{master}"
            self.workers.append(
                self._class(stack, f"{CLASSES}.worker.Worker", *size, *work, address)
            )
        wait(port, self._serve(stack, master, port), 120)
        self.address = f"sc://{HERE}:{port}"

    def _class(
        self, stack: ExitStack, name: str, *options: str, **settings: str
    ) -> "subprocess.Popen[bytes]":
        given = " ".join(f"-D{key}={value}" for key, value in settings.items())
        program = [str(self.home / "bin/spark-class"), name, *options]
        return self._started(stack, program, SPARK_MASTER_OPTS=given)

    def _serve(self, stack: ExitStack, master: int, port: int) -> "subprocess.Popen[bytes]":
        settings = {
            "spark.connect.grpc.binding.address": HERE,
            "spark.connect.grpc.binding.port": str(port),
            "spark.driver.host": HERE,
            "spark.driver.bindAddress": HERE,
            "spark.network.timeout": "600s",
            "spark.ui.enabled": "false",
            "spark.executor.memory": self.memory,
            "spark.sql.shuffle.partitions": "2",  # as many as there are cores
            "spark.driver.extraJavaOptions": self.java,
            "spark.executor.extraJavaOptions": self.java,
        }
        conf = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
        program = [str(self.home / "bin/spark-submit"), "--class", SERVER]
        return self._started(stack, [*program, "--master", f"spark://{HERE}:{master}", *conf])

    def _started(
        self, stack: ExitStack, program: list[str], **more: str
    ) -> "subprocess.Popen[bytes]":
        log = stack.enter_context((self.folder / "spark.log").open("ab"))
        process = subprocess.Popen(
            program,
            env={
                **os.environ,
                **more,
                "SPARK_DAEMON_JAVA_OPTS": QUICK,
                "SPARK_LAUNCHER_OPTS": QUICK,
                "SPARK_HOME": str(self.home),
                "SPARK_LOCAL_IP": HERE,
                "SPARK_PUBLIC_DNS": HERE,
            },
            cwd=self.folder,
            stdout=log,
            stderr=log,
        )
        stack.callback(_ended, process)
        return process


def _ended(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(30)


@contextmanager
def standalone(
    home: Path, folder: Path, memory: str = "1g", java: str = QUICK
) -> Iterator[Standalone]:
    """Yield a cluster whose processes end with the block."""
    with ExitStack() as stack:
        cluster = Standalone(home, folder, memory, java)
        cluster.start(stack)
        yield cluster
