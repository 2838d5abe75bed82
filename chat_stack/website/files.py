"""The files of the web app: where they are found, the bucket they lie in, how they get there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from chat_stack.findings import acknowledge
from chat_stack.website.findings import accept_deployment

_CONFIG = "config.json"
# What the build names by a hash of its content.
_HASHED = "assets"
_FOR_EVER = deployment.CacheControl.from_string("public, max-age=31536000, immutable")
_ASK_EACH_TIME = deployment.CacheControl.no_cache()


def find_website(source: str | Path | None) -> Path:
    """Return the directory of the built app: inside the package in a wheel, beside it in the repository.

    Args:
        source: a directory to take instead.

    Raises:
        ValueError: no built app is there.
    """
    package = Path(__file__).parents[1]
    packed = package / "web"
    own = packed if packed.is_dir() else package.parent / "web" / "app" / "dist"
    directory = Path(source) if source else own
    if not (directory / "index.html").is_file():
        raise ValueError(f"source must be the directory of the built web app, got {directory}: run `make web` first")
    return directory


def create_bucket(scope: Construct) -> s3.Bucket:
    """Create the bucket, which nobody reads but the distribution."""
    bucket = s3.Bucket(
        scope,
        "Files",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        removal_policy=RemovalPolicy.DESTROY,
        auto_delete_objects=True,
    )
    acknowledge(bucket, "AwsSolutions-S1", "Only the distribution reads the bucket: who asked for what is in its logs.")
    return bucket


def deploy_files(
    scope: Construct,
    directory: Path,
    config: Mapping[str, Any],
    *,
    bucket: s3.Bucket,
    distribution: cloudfront.Distribution,
) -> None:
    """Put the files into the bucket, each with how long it may be cached.

    The hashed ones come first, and those of earlier builds stay: no page, old or new, asks for one that is not there.
    """
    log_group = logs.LogGroup(
        scope, "DeploymentLogs", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
    )
    hashed_asset = s3_assets.Asset(scope, "Hashed", path=str(directory / _HASHED))
    other_asset = s3_assets.Asset(scope, "Others", path=str(directory), exclude=[_HASHED, _CONFIG])
    hashed = deployment.BucketDeployment(
        scope,
        "HashedFiles",
        destination_bucket=bucket,
        destination_key_prefix=_HASHED,
        sources=[_copy(hashed_asset)],
        cache_control=[_FOR_EVER],
        prune=False,
        output_object_keys=False,
        log_group=log_group,
    )
    others = deployment.BucketDeployment(
        scope,
        "OtherFiles",
        destination_bucket=bucket,
        # Not escaped: CDK has quoted the values that are filled in at the deployment, and would do so twice.
        sources=[_copy(other_asset), deployment.Source.json_data(_CONFIG, config)],
        exclude=[f"{_HASHED}/*"],
        cache_control=[_ASK_EACH_TIME],
        distribution=distribution,
        distribution_paths=_list_paths(directory),
        output_object_keys=False,
        log_group=log_group,
    )
    others.node.add_dependency(hashed)
    accept_deployment(others, bucket, other_asset)


def _list_paths(directory: Path) -> list[str]:
    """List the paths of what is not hashed."""
    files = [path.relative_to(directory) for path in directory.rglob("*") if path.is_file()]
    return sorted({f"/{_CONFIG}", *(f"/{file.as_posix()}" for file in files if file.parts[0] != _HASHED)})


def _copy(asset: s3_assets.Asset) -> deployment.ISource:
    return deployment.Source.bucket(asset.bucket, asset.s3_object_key)
