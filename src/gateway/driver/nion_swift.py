"""Nion Swift's simulated microscope, without its windows, for `gridscout serve --driver process`.

    gridscout serve --driver process --program PYTHON --program-arg nion_swift.py …

PYTHON is one with nionswift, nionswift-instrumentation and nionswift-usim. See src/docs/drivers/nion_swift.md.
Written apart from Nion Swift, which it uses through its Python modules only, in this process only.
"""
import argparse
import atexit
import base64
import json
import os
import pathlib
import queue
import shutil
import sys
import tempfile
import threading

SAMPLES = {"flakes": 0, "amorphous": 1, "gold": 2}
# What the edges of a feature say it is made of: the first edge of Ni, Ge, Si.
ELEMENTS = {68: (1, 0, 0), 29: (0, 1, 0), 1839: (0, 0, 1)}
# Longest wait for a frame beyond its own time, s.
SLACK_SECS = 20.0


class Microscope:
    """The simulator's stage, scan, blanker and EELS camera. The simulator images also with the beam blanked: this does not."""

    def __init__(self, sample):
        from nion.instrumentation import HardwareSource, camera_base, scan_base
        from nion.usim_device import DeviceConfiguration

        # The devices write down their settings somewhere.
        settings = pathlib.Path(tempfile.mkdtemp(prefix="gridscout-nion-"))
        atexit.register(shutil.rmtree, settings, ignore_errors=True)
        HardwareSource.run()
        camera_base.run(settings)
        scan_base.run(settings)
        made = DeviceConfiguration.AcquisitionContextConfiguration(
            sample_index=SAMPLES[sample], set_configuration_location=False
        )
        made.run()
        sources = HardwareSource.HardwareSourceManager()
        self.instrument = made.instrument
        self.scan = sources.get_hardware_source_for_hardware_source_id(made.scan_module.device.scan_device_id)
        self.eels = sources.get_hardware_source_for_hardware_source_id(made.eels_camera_device_id)
        self.fov_nm = 100.0
        self.running = None
        self.blank_beam()

    def blank_beam(self):
        self.instrument.SetVal("C_Blank", 1.0)
        running = self.running
        if running is not None:
            running.abort_playing()
        if self.instrument.GetVal("C_Blank") != 1.0:
            raise RuntimeError("the beam is not blanked")

    def unblank_beam(self):
        self.instrument.SetVal("C_Blank", 0.0)

    def stop_stage(self):
        """The simulated stage is where it is sent at once."""

    def move_stage(self, x_m, y_m):
        from nion.utils import Geometry

        self.instrument.stage_position_m = Geometry.FloatPoint(y=float(y_m), x=float(x_m))

    def get_stage(self):
        at = self.instrument.stage_position_m
        return {"x_m": at.x, "y_m": at.y, "moving": False}

    def set_fov(self, fov_m):
        self.fov_nm = float(fov_m) * 1e9

    def place_beam(self, x, y):
        from nion.utils import Geometry

        self.instrument.probe_position = Geometry.FloatPoint(y=float(y), x=float(x))

    def acquire_scanned_image(self, pixels, dwell_secs):
        settings = {
            "pixel_size": (int(pixels), int(pixels)),
            "pixel_time_us": float(dwell_secs) * 1e6,
            "fov_nm": self.fov_nm,
            "center_nm": (0.0, 0.0),
            "rotation_rad": 0.0,
        }
        parameters = self.scan.get_frame_parameters_from_dict(settings)
        self.scan.set_enabled_channels([0])
        frame = self.take(self.scan, parameters, float(dwell_secs) * int(pixels) ** 2)
        return {"values": encoded(frame.data)}

    def acquire_spectrum(self, exposure_secs):
        parameters = self.eels.get_frame_parameters_from_dict(
            {"exposure_ms": float(exposure_secs) * 1e3, "binning": 1}
        )
        frame = self.take(self.eels, parameters, float(exposure_secs))
        energy = frame.dimensional_calibrations[-1]
        return {
            "first_ev": energy.offset,
            "step_ev": energy.scale,
            "counts_per_electron": self.instrument.counts_per_electron,
            # Rows of the camera are all at the same energies.
            "counts": encoded(frame.data.reshape(-1, frame.data.shape[-1]).sum(axis=0)),
        }

    def take(self, source, parameters, secs):
        """The first frame that was begun with these parameters."""
        if self.instrument.GetVal("C_Blank") != 0.0:
            raise RuntimeError("the beam is blanked")
        source.set_current_frame_parameters(parameters)
        self.running = source
        try:
            source.start_playing()
            frames = source.get_next_xdatas_to_start(2 * secs + SLACK_SECS)
        finally:
            self.running = None
            source.abort_playing(sync_timeout=5.0)
        if self.instrument.GetVal("C_Blank") != 0.0:
            raise RuntimeError("the beam was blanked during the exposure")
        if not frames or frames[0] is None:
            raise RuntimeError("no frame came; see the log")
        return frames[0]

    def particles(self, corner_um, smallest_nm):
        """The known features of the sample as a table of particles, so that no image is segmented.

        A feature is in the middle of the image when the stage is at minus its position.
        """
        yield "x_um,y_um,radius_nm,c1,c2,c3"
        for feature in self.instrument.scan_data_generator.sample.features:
            made_of = ELEMENTS.get(feature.edges[0][0])
            radius_nm = min(feature.size_m.width, feature.size_m.height) * 0.5e9
            if made_of and radius_nm >= smallest_nm:
                x_um = -feature.position_m.x * 1e6 - corner_um[0]
                y_um = -feature.position_m.y * 1e6 - corner_um[1]
                yield ",".join(map(repr, (x_um, y_um, radius_nm, *made_of)))


def encoded(values):
    import numpy

    return base64.b64encode(numpy.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


OPERATIONS = (
    "acquire_scanned_image acquire_spectrum place_beam move_stage get_stage set_fov blank_beam unblank_beam stop_stage"
).split()


def serve(microscope, out):
    from importlib.metadata import version

    writing = threading.Lock()

    def write(message):
        with writing:
            out.write(json.dumps(message, allow_nan=False) + "\n")
            out.flush()

    def perform(request):
        try:
            op = request["op"]
            if op not in OPERATIONS:
                raise ValueError(f"{op} is unknown")
            arguments = {name: value for name, value in request.items() if name not in ("id", "op")}
            write({"id": request["id"], "ok": getattr(microscope, op)(**arguments) or {}})
        except Exception as error:  # whatever it is, it is an answer
            write({"id": request["id"], "error": f"{type(error).__name__}: {error}"})

    waiting = queue.Queue()

    def work():
        while True:
            perform(waiting.get())

    threading.Thread(target=work, daemon=True).start()
    write(
        {
            "hello": "gridscout.instrument.v1",
            "name": "nionswift-usim",
            "version": version("nionswift-usim"),
            "operations": OPERATIONS,
            # The sample moves with the stage: what is to the right in the image comes to the middle by a move to the left.
            "image_to_stage": [[-1.0, 0.0], [0.0, -1.0]],
            # A simulated beam ends with its simulator.
            "blanks_on_exit": True,
        }
    )
    for line in sys.stdin:
        request = json.loads(line)
        # What is urgent waits for nothing.
        if request["op"] in ("blank_beam", "stop_stage"):
            perform(request)
        else:
            waiting.put(request)
    microscope.blank_beam()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sample", choices=SAMPLES, default="flakes")
    arguments.add_argument("--particles", action="store_true", help="print the table of particles and end")
    arguments.add_argument("--corner-um", nargs=2, type=float, default=(-0.5, -0.5), help="corner of the grid on the stage")
    arguments.add_argument("--smallest-nm", type=float, default=4.0, help="smallest radius of a listed particle")
    given = arguments.parse_args()
    # Modules print: only we write to the standard output.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    microscope = Microscope(given.sample)
    if given.particles:
        out.write("\n".join(microscope.particles(given.corner_um, given.smallest_nm)) + "\n")
        out.flush()
    else:
        serve(microscope, out)
    # The simulator's threads never end by themselves.
    atexit._run_exitfuncs()
    os._exit(0)


main()
